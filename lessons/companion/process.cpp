#include "process.h"

#include "error.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

namespace whirlygig {

namespace {

using Clock = std::chrono::steady_clock;

constexpr int exit_without_program = 127;
constexpr std::size_t kept_bytes = 512 * 1024;

// In the child, after fork: nothing here comes back.
[[noreturn]] void become(const Command& command, int output) {
    if (output >= 0) {
        const int nothing = ::open("/dev/null", O_RDONLY);
        ::dup2(nothing, STDIN_FILENO);
        ::dup2(output, STDOUT_FILENO);
        ::dup2(output, STDERR_FILENO);
    }
    for (const auto& [name, value] : command.environment) {
        if (value.empty()) {
            ::unsetenv(name.c_str());
        } else {
            ::setenv(name.c_str(), value.c_str(), 1);
        }
    }
    std::vector<char*> words;
    for (const std::string& word : command.words)
        words.push_back(const_cast<char*>(word.c_str()));
    words.push_back(nullptr);
    if (command.folder.empty() || ::chdir(command.folder.c_str()) == 0)
        ::execvp(words[0], words.data());
    ::_exit(exit_without_program);
}

// What comes from a child: told on, and the first and the last of it kept.
void take_in(const Command& command, std::string& output, std::string_view more) {
    if (command.listener) command.listener(more);
    output += more;
    if (output.size() > 3 * kept_bytes) output.erase(kept_bytes, output.size() - 2 * kept_bytes);
}

// Waits until there is something to read, the other end is closed (both true) or time is up.
bool wait_for_output(int input, Clock::time_point end, bool limited) {
    pollfd waiting{input, POLLIN, 0};
    for (;;) {
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now()).count();
        if (limited && left <= 0) return false;
        const int ready = ::poll(&waiting, 1, limited ? static_cast<int>(left) : -1);
        if (ready > 0) return true;
        if (ready < 0 && errno != EINTR) fail("poll: {}", std::strerror(errno));
    }
}

// Reads until the other end is closed; false when time was up before.
bool read_until(const Command& command, int input, Clock::time_point end, bool limited,
                std::string& output) {
    std::array<char, 65536> buffer;
    while (wait_for_output(input, end, limited)) {
        const ssize_t count = ::read(input, buffer.data(), buffer.size());
        if (count == 0) return true;
        if (count < 0 && errno != EINTR) fail("read: {}", std::strerror(errno));
        if (count > 0) take_in(command, output, {buffer.data(), static_cast<std::size_t>(count)});
    }
    return false;
}

// Fills in how the child ended; false while it still runs.
bool collect(pid_t child, int options, Outcome& outcome) {
    int status = 0;
    pid_t ended = 0;
    do {
        ended = ::waitpid(child, &status, options);
    } while (ended < 0 && errno == EINTR);
    if (ended == 0) return false;
    outcome.status = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
    outcome.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    outcome.missing = outcome.status == exit_without_program;
    return true;
}

pid_t start(const Command& command, int output) {
    const pid_t child = ::fork();
    if (child < 0) fail("{} can't be started: {}", command.words[0], std::strerror(errno));
    if (child == 0) become(command, output);
    return child;
}

} // namespace

Outcome run(const Command& command) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
        fail("{} can't be started: {}", command.words[0], std::strerror(errno));
    const bool limited = command.limit.count() > 0;
    const pid_t child = start(command, ends[1]);
    ::close(ends[1]);
    Outcome outcome;
    const Clock::time_point end = Clock::now() + command.limit;
    if (!read_until(command, ends[0], end, limited, outcome.output)) {
        ::kill(child, SIGABRT);
        read_until(command, ends[0], Clock::now() + std::chrono::seconds(1), true, outcome.output);
        ::kill(child, SIGKILL);
        outcome.timed_out = true;
    }
    ::close(ends[0]);
    collect(child, 0, outcome);
    return outcome;
}

Outcome run_in_the_open(const Command& command) {
    Outcome outcome;
    collect(start(command, -1), 0, outcome);
    return outcome;
}

} // namespace whirlygig
