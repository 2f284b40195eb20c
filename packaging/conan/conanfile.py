# Copyright 2026 The boost_ipq authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at
# https://www.boost.org/LICENSE_1_0.txt)

"""Conan 2 recipe. From the root of the source tree:

    conan create packaging/conan
"""

from pathlib import Path

from conan import ConanFile
from conan.tools.build import check_min_cppstd
from conan.tools.files import copy, load
from conan.tools.layout import basic_layout


class BoostIpq(ConanFile):
    name = "boost_ipq"
    license = "BSL-1.0"
    description = "Crash-safe message queue between the processes of one machine"
    topics = ("ipc", "queue", "shared-memory", "boost", "header-only")
    package_type = "header-library"
    settings = "os", "arch", "compiler", "build_type"
    no_copy_source = True

    def set_version(self):
        text = load(self, self.root / "boost_ipq/version.hpp")
        for line in text.splitlines():
            if "BOOST_IPQ_LIB_VERSION" in line and '"' in line:
                self.version = line.split('"')[1]

    @property
    def root(self):
        return Path(self.recipe_folder).parent.parent

    def export_sources(self):
        copy(self, "LICENSE_1_0.txt", self.root, self.export_sources_folder)
        for pattern in ("*.hpp", "*.ipp"):
            copy(self, "boost_ipq/" + pattern, self.root, self.export_sources_folder)

    def layout(self):
        basic_layout(self)

    def requirements(self):
        self.requires("boost/[>=1.74]", transitive_headers=True)

    def validate(self):
        check_min_cppstd(self, 17)

    def package_id(self):
        self.info.clear()

    def package(self):
        source = Path(self.source_folder)
        copy(self, "LICENSE_1_0.txt", source, Path(self.package_folder) / "licenses")
        for pattern in ("*.hpp", "*.ipp"):
            copy(
                self,
                "boost_ipq/" + pattern,
                source,
                Path(self.package_folder) / "include",
            )

    def package_info(self):
        self.cpp_info.bindirs = []
        self.cpp_info.libdirs = []
        self.cpp_info.set_property("cmake_file_name", "boost_ipq")
        self.cpp_info.set_property("cmake_target_name", "boost_ipq::boost_ipq")
        self.cpp_info.set_property("pkg_config_name", "boost_ipq")
        self.cpp_info.requires = ["boost::headers"]
        if self.settings.os in ("Linux", "FreeBSD"):
            self.cpp_info.system_libs = ["pthread", "rt"]
