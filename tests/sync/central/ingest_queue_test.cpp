#include "sync/central/ingest_queue.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <stdexcept>
#include <thread>
#include <vector>

namespace egret::central {
namespace {

Upload upload_of(std::size_t facts, std::uint64_t number) {
    Upload upload;
    upload.batch.first_seq = number;
    upload.batch.events.resize(facts);
    return upload;
}

/// What a group is stored with: notes it, and says of each upload who it is.
struct Storing {
    void operator()(IngestQueue::Group group) {
        REQUIRE(at_once.fetch_add(1) == 0);
        sizes.push_back(group.size());
        for (auto* one : group) {
            order.push_back(one->upload.batch.first_seq);
            Ingested ingested;
            ingested.head.seq = one->upload.batch.first_seq;
            one->outcome = ingested;
        }
        at_once.fetch_sub(1);
    }

    std::atomic<int> at_once{0};
    std::vector<std::size_t> sizes;
    std::vector<std::uint64_t> order;
};

void wait_until(IngestQueue& queue, std::size_t waiting) {
    while (queue.waiting() < waiting) std::this_thread::yield();
}

/// Groups that form behind an upload that is being stored while they come, each in its turn.
std::vector<std::size_t> groups_behind_one(const std::vector<std::size_t>& facts) {
    IngestQueue queue;
    Storing storing;
    std::atomic<bool> may_go{false};
    const IngestQueue::StoreGroup store = [&](IngestQueue::Group group) {
        while (!may_go) std::this_thread::yield();
        storing(group);
    };
    std::vector<std::thread> threads;
    threads.emplace_back([&] { REQUIRE(queue.pass(upload_of(1, 1), store)); });
    wait_until(queue, 1);
    for (std::size_t i = 0; i < facts.size(); ++i) {
        threads.emplace_back([&, i] {
            const auto done = queue.pass(upload_of(facts[i], i + 2), store);
            REQUIRE(done);
            CHECK(done->head.seq == i + 2);
        });
        wait_until(queue, i + 2);
    }
    may_go = true;
    for (auto& thread : threads) thread.join();
    CHECK(std::is_sorted(storing.order.begin(), storing.order.end()));
    CHECK(storing.order.size() == facts.size() + 1);
    CHECK(queue.waiting() == 0);
    return storing.sizes;
}

}  // namespace

TEST_SUITE("sync/central/ingest_queue") {
    TEST_CASE("who comes alone is stored alone, at once") {
        IngestQueue queue;
        Storing storing;
        for (std::uint64_t i = 1; i <= 3; ++i)
            CHECK(queue.pass(upload_of(5, i), std::ref(storing))->head.seq == i);
        CHECK(storing.sizes == std::vector<std::size_t>{1, 1, 1});
    }

    TEST_CASE("those that come meanwhile are one group, of at most 16 uploads, as they came") {
        CHECK(groups_behind_one(std::vector<std::size_t>(20, 3)) ==
              std::vector<std::size_t>{1, 16, 4});
    }

    TEST_CASE("a group has at most 4,000 facts, but always one upload") {
        CHECK(groups_behind_one({2000, 2000, 1, 3999, 4000, 5000, 10}) ==
              std::vector<std::size_t>{1, 2, 2, 1, 1, 1});
    }

    TEST_CASE("a group that fails as a whole fails for each in it, and for nobody else") {
        IngestQueue queue;
        std::atomic<int> groups{0};
        std::atomic<int> failed{0};
        std::atomic<bool> may_go{false};
        const IngestQueue::StoreGroup store = [&](IngestQueue::Group group) {
            while (!may_go) std::this_thread::yield();
            const auto number = ++groups;
            group.front()->outcome = Ingested{};
            if (number == 2) throw std::runtime_error("no memory");
            for (auto* one : group) one->outcome = Ingested{};
        };
        std::vector<std::thread> threads;
        for (std::uint64_t i = 1; i <= 20; ++i) {
            threads.emplace_back([&, i] {
                try {
                    (void)queue.pass(upload_of(1, i), store);
                } catch (const std::runtime_error&) {
                    ++failed;
                }
            });
            wait_until(queue, i);
        }
        may_go = true;
        for (auto& thread : threads) thread.join();
        CHECK(groups == 3);
        CHECK(failed == 15);  // The first of the group was done before.
        CHECK(queue.pass(upload_of(1, 21), store));
    }

    TEST_CASE("many threads: each upload is stored once, one group at a time") {
        IngestQueue queue;
        Storing storing;
        std::vector<std::thread> threads;
        for (std::uint64_t t = 0; t < 8; ++t) {
            threads.emplace_back([&, t] {
                for (std::uint64_t i = 0; i < 200; ++i) {
                    const auto number = t * 1000 + i;
                    REQUIRE(queue.pass(upload_of(1, number), std::ref(storing))->head.seq ==
                            number);
                }
            });
        }
        for (auto& thread : threads) thread.join();
        CHECK(storing.order.size() == 1600);
        std::sort(storing.order.begin(), storing.order.end());
        CHECK(std::adjacent_find(storing.order.begin(), storing.order.end()) ==
              storing.order.end());
    }
}

}  // namespace egret::central
