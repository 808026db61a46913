// A few threads that share out the pieces of a job. Between jobs they sleep.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace whirlygig {

class Workers {
public:
    // So many threads work on a job, counting the one that calls run. Throws an Error for 0 and for
    // more than 1000. Destruction waits until the threads have ended.
    explicit Workers(std::size_t threads);
    std::size_t threads() const { return helpers.size() + 1; }

    // Calls task(0, w), task(1, w), … task(count − 1, w), each once, in any order and several at a
    // time, and returns when all have ended. w, from 0 to threads() − 1, says which thread works on
    // it: what belongs to a thread is never used by two at once. When tasks throw, the rest still
    // run; then the exception of the task with the smallest number is thrown here. Throws an Error
    // when a job is already running: a task can't start another job.
    using Task = std::function<void(std::size_t piece, std::size_t worker)>;
    void run(std::size_t count, const Task& task);

private:
    void help(const std::stop_token& stop, std::size_t worker);
    void take_pieces(std::unique_lock<std::mutex>& lock, std::size_t worker);

    std::mutex mutex; // guards all that follows, but not the threads
    std::condition_variable_any job_came;
    std::condition_variable_any job_ended;
    const Task* job = nullptr;
    std::size_t pieces = 0;     // of the job
    std::size_t next = 0;       // the piece to take next
    std::size_t unfinished = 0; // pieces
    std::size_t failed = 0;     // the smallest number of a piece that threw `error`
    std::exception_ptr error;

    std::vector<std::jthread> helpers; // last, so that they end before what they use
};

} // namespace whirlygig
