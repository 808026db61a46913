// Feeds changed inputs to a reader, a fixed number of them: the same seed makes the same inputs.
//     mutate READER ROUNDS [SEED]        looks for a fault; writes the first one's input to a file
//     mutate READER seeds FOLDER         writes the seeds, for libFuzzer to start from
#include "error.h"
#include "files/file.h"
#include "mutation.h"
#include "readers.h"

#include <fmt/format.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>

using namespace whirlygig;

namespace {

std::string input_of(const Reader& reader, std::uint64_t seed, std::uint64_t round) {
    Random random(seed, round);
    return mutated(reader.seeds(), reader.words, random);
}

// Runs some rounds in a process of their own, which may crash, throw or hang without harm.
bool survives(const Reader& reader, std::uint64_t seed, std::uint64_t first, std::uint64_t last) {
    std::fflush(nullptr);
    const pid_t child = ::fork();
    if (child < 0) fail("mutate: no further process can be started");
    if (child == 0) {
        for (std::uint64_t round = first; round < last; ++round) {
            // Ends a reader that hangs: after 10 seconds of computing, however busy the machine.
            const itimerval limit{{0, 0}, {10, 0}};
            ::setitimer(ITIMER_VIRTUAL, &limit, nullptr);
            reader.fuzz_one(input_of(reader, seed, round));
        }
        ::_exit(0);
    }
    int status = 0;
    return ::waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

int look_for_faults(const Reader& reader, std::uint64_t rounds, std::uint64_t seed) {
    constexpr std::uint64_t together = 1000;
    for (std::uint64_t first = 0; first < rounds; first += together) {
        const std::uint64_t last = std::min(first + together, rounds);
        if (survives(reader, seed, first, last)) continue;
        std::uint64_t round = first;
        while (round + 1 < last && survives(reader, seed, round, round + 1))
            ++round;
        const std::string file = fmt::format("fault-{}-{}-{}", reader.name, seed, round);
        write_file(file, input_of(reader, seed, round));
        fmt::print(stderr, "the reader {} fails in round {}; its input is in {}\n", reader.name,
                   round, file);
        return 1;
    }
    fmt::print("the reader {} passed {} rounds\n", reader.name, rounds);
    return 0;
}

int write_seeds(const Reader& reader, const std::filesystem::path& folder) {
    std::filesystem::create_directories(folder);
    const std::vector<std::string> seeds = reader.seeds();
    for (std::size_t index = 0; index < seeds.size(); ++index)
        write_file(folder / fmt::format("{}-{}", reader.name, index), seeds[index]);
    return 0;
}

std::uint64_t whole_number(const std::string& word) {
    std::uint64_t number = 0;
    const char* end = word.data() + word.size();
    const auto [stop, problem] = std::from_chars(word.data(), end, number);
    if (problem != std::errc() || stop != end) fail("mutate: {} is not a whole number", word);
    return number;
}

int run(const std::vector<std::string>& words) {
    const auto known = readers();
    const auto reader = std::find_if(known.begin(), known.end(), [&](const Reader& each) {
        return !words.empty() && each.name == words[0];
    });
    if (reader == known.end() || words.size() < 2) {
        fail("usage: mutate READER ROUNDS [SEED] or mutate READER seeds FOLDER");
    }
    if (words[1] == "seeds" && words.size() == 3) return write_seeds(*reader, words[2]);
    const std::uint64_t seed = words.size() > 2 ? whole_number(words[2]) : 0;
    return look_for_faults(*reader, whole_number(words[1]), seed);
}

} // namespace

int main(int count, char** words) {
    try {
        return run({words + 1, words + count});
    } catch (const std::exception& error) {
        fmt::print(stderr, "{}\n", error.what());
        return 2;
    }
}
