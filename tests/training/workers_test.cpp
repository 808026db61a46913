#include "training/workers.h"

#include "support/error_sentence.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <ctime>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using whirlygig::Error;
using whirlygig::Workers;

TEST(Workers, EveryTaskRunsExactlyOnce) {
    for (const std::size_t threads : {1, 2, 3, 8}) {
        Workers workers(threads);
        EXPECT_EQ(workers.threads(), threads);
        for (const std::size_t count : {0, 1, 2, 7, 8, 100}) {
            std::vector<int> calls(count); // no two tasks touch the same one
            workers.run(count, [&](std::size_t task, std::size_t) { ++calls.at(task); });
            EXPECT_EQ(calls, std::vector<int>(count, 1)) << threads << " threads";
        }
    }
}

TEST(Workers, ManySmallJobsOneAfterTheOther) {
    Workers workers(3);
    std::vector<long> sums(5);
    for (long job = 1; job <= 2000; ++job)
        workers.run(sums.size(), [&](std::size_t task, std::size_t) { sums[task] += job; });
    EXPECT_EQ(sums, std::vector<long>(5, 2000L * 2001 / 2));
}

// Each task waits for the other, so one thread alone would never end.
TEST(Workers, TwoThreadsWorkAtTheSameTime) {
    Workers workers(2);
    std::atomic<int> arrived = 0;
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    workers.run(2, [&](std::size_t, std::size_t) {
        ++arrived;
        while (arrived < 2 && std::chrono::steady_clock::now() < deadline)
            std::this_thread::yield();
        EXPECT_EQ(arrived, 2);
    });
}

TEST(Workers, TheCallersThreadWorksToo) {
    Workers workers(1);
    std::thread::id worked;
    workers.run(1, [&](std::size_t, std::size_t) { worked = std::this_thread::get_id(); });
    EXPECT_EQ(worked, std::this_thread::get_id());
}

TEST(Workers, TheExceptionOfTheFirstTaskThatFailsReachesTheCallerAndTheRestRuns) {
    for (const std::size_t threads : {1, 2, 3, 8}) {
        Workers workers(threads);
        std::vector<int> calls(20);
        std::string caught;
        try {
            workers.run(calls.size(), [&](std::size_t task, std::size_t) {
                ++calls[task];
                if (task % 5 == 3) throw std::runtime_error("task " + std::to_string(task));
            });
        } catch (const std::runtime_error& error) {
            caught = error.what();
        }
        EXPECT_EQ(caught, "task 3") << threads << " threads";
        EXPECT_EQ(calls, std::vector<int>(20, 1));
        // The next job knows nothing of it.
        workers.run(calls.size(), [&](std::size_t task, std::size_t) { ++calls[task]; });
        EXPECT_EQ(calls, std::vector<int>(20, 2));
    }
}

TEST(Workers, ATaskCannotStartAnotherJob) {
    for (const std::size_t threads : {1, 2}) {
        Workers workers(threads);
        const auto nested = [&] {
            workers.run(1, [&](std::size_t, std::size_t) {
                workers.run(1, [](std::size_t, std::size_t) {});
            });
        };
        expect_contains(error_sentence(nested), "already running");
    }
}

TEST(Workers, AnAbsurdNumberOfThreadsIsRefused) {
    expect_contains(error_sentence([] { Workers workers(0); }), "0");
    expect_contains(error_sentence([] { Workers workers(1001); }), "1001");
}

// A thread that waits in a loop would use as much processor time as passes on the clock.
TEST(Workers, IdleThreadsSleep) {
    Workers workers(4);
    workers.run(8, [](std::size_t, std::size_t) {});
    const std::clock_t before = std::clock(); // processor time of all threads
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    const double busy = static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC;
    EXPECT_LT(busy, 0.1);
}
