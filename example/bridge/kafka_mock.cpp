// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A Kafka cluster inside a process, by librdkafka: for the test of the bridge.
// Prints its address, and runs until the standard input ends.

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>
#include <cstdio>
#include <cstdlib>

int main(int argc, char* argv[])
{
    char why[512];
    rd_kafka_conf_t* const conf = rd_kafka_conf_new();
    rd_kafka_t* const handle =
        rd_kafka_new(RD_KAFKA_PRODUCER, conf, why, sizeof why);
    if (!handle)
        return std::fputs(why, stderr), EXIT_FAILURE;
    rd_kafka_mock_cluster_t* const cluster =
        rd_kafka_mock_cluster_new(handle, argc > 1 ? std::atoi(argv[1]) : 1);
    rd_kafka_mock_topic_create(cluster, "t", 4, 1);
    std::puts(rd_kafka_mock_cluster_bootstraps(cluster));
    std::fflush(stdout);
    // "1 down" and "1 up": a broker goes, and comes back.
    int broker = 0;
    char what[8];
    while (std::scanf("%d %7s", &broker, what) == 2)
        what[0] == 'd' ? rd_kafka_mock_broker_set_down(cluster, broker)
                       : rd_kafka_mock_broker_set_up(cluster, broker);
    rd_kafka_mock_cluster_destroy(cluster);
    rd_kafka_destroy(handle);
}
