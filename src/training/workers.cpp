#include "training/workers.h"

#include "error.h"

namespace whirlygig {

Workers::Workers(std::size_t threads) {
    if (threads < 1 || threads > 1000) {
        fail("the number of threads is {}; it must be from 1 to 1000", threads);
    }
    for (std::size_t worker = 1; worker < threads; ++worker)
        helpers.emplace_back([this, worker](const std::stop_token& stop) { help(stop, worker); });
}

void Workers::run(std::size_t count, const Task& task) {
    std::unique_lock lock(mutex);
    if (job != nullptr) fail("Workers::run: a job is already running");
    job = &task;
    pieces = unfinished = count;
    next = 0;
    if (count > 1) job_came.notify_all();
    take_pieces(lock, 0);
    job_ended.wait(lock, [this] { return unfinished == 0; });
    job = nullptr;
    if (error) std::rethrow_exception(std::exchange(error, nullptr));
}

void Workers::help(const std::stop_token& stop, std::size_t worker) {
    std::unique_lock lock(mutex);
    while (job_came.wait(lock, stop, [this] { return next < pieces; }))
        take_pieces(lock, worker);
}

void Workers::take_pieces(std::unique_lock<std::mutex>& lock, std::size_t worker) {
    while (next < pieces) {
        const std::size_t piece = next++;
        lock.unlock();
        std::exception_ptr thrown;
        try {
            (*job)(piece, worker);
        } catch (...) {
            thrown = std::current_exception();
        }
        lock.lock();
        if (thrown && (!error || piece < failed)) {
            error = thrown;
            failed = piece;
        }
        if (--unfinished == 0) job_ended.notify_all();
    }
}

} // namespace whirlygig
