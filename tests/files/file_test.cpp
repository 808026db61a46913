#include "files/file.h"

#include "error.h"
#include "random.h"
#include "support/error_sentence.h"
#include "support/temporary_folder.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

using whirlygig::Random;
using whirlygig::read_file;
using whirlygig::write_file;
using whirlygig::write_pieces;

namespace {

namespace fs = std::filesystem;

// Reads and writes with the standard library, so that the tests don't rest on what they test.
std::string bytes_of(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    EXPECT_TRUE(file.is_open()) << path;
    std::ostringstream bytes;
    bytes << file.rdbuf();
    return bytes.str();
}

void put(const fs::path& path, std::string_view content) {
    std::ofstream(path, std::ios::binary) << content;
}

std::vector<std::string> names_in(const fs::path& folder) {
    std::vector<std::string> names;
    for (const auto& each : fs::directory_iterator(folder))
        names.push_back(each.path().filename());
    std::sort(names.begin(), names.end());
    return names;
}

// All bytes there are, several times, in an odd number.
std::string awkward_bytes(std::size_t size) {
    std::string bytes;
    for (std::size_t index = 0; index < size; ++index)
        bytes += static_cast<char>(index * 167 % 256);
    return bytes;
}

// Lets no file grow larger, as a full disk would, until it goes out of scope.
class SizeLimit {
public:
    explicit SizeLimit(rlim_t largest) {
        before = std::signal(SIGXFSZ, SIG_IGN); // or the signal would end the tests
        EXPECT_EQ(::getrlimit(RLIMIT_FSIZE, &old), 0);
        const rlimit low{largest, old.rlim_max};
        EXPECT_EQ(::setrlimit(RLIMIT_FSIZE, &low), 0);
    }
    ~SizeLimit() {
        ::setrlimit(RLIMIT_FSIZE, &old);
        std::signal(SIGXFSZ, before);
    }

private:
    rlimit old{};
    void (*before)(int);
};

// Root may read and write everything. Gives that up until it goes out of scope.
class WithoutRoot {
public:
    WithoutRoot()
        : user(::geteuid()) {
        constexpr uid_t nobody = 65534;
        if (user == 0) mighty = ::seteuid(nobody) != 0;
    }
    ~WithoutRoot() {
        if (user == 0 && ::seteuid(user) != 0) ADD_FAILURE() << "cannot be root again";
    }
    bool still_root() const { return mighty; } // the machine doesn't let root be anybody else

private:
    uid_t user;
    bool mighty = false;
};

} // namespace

TEST(ReadFile, GivesEveryByte) {
    const TemporaryFolder folder;
    for (const std::size_t size : {0, 1, 4095, 100'003}) {
        put(folder / "bytes", awkward_bytes(size));
        EXPECT_EQ(read_file(folder / "bytes"), awkward_bytes(size)) << size;
    }
}

TEST(ReadFile, SaysThatThereIsNoSuchFile) {
    const TemporaryFolder folder;
    const std::string sentence = error_sentence([&] { read_file(folder / "absent.txt"); });
    EXPECT_EQ(sentence, "there is no file " + (folder / "absent.txt").string() +
                            "; check its name and its folder");
    put(folder / "file", "x");
    expect_contains(error_sentence([&] { read_file(folder / "file/below"); }), "there is no file");
    expect_contains(error_sentence([] { read_file(""); }), "there is no file");
}

TEST(ReadFile, TurnsDownWhatIsNoRegularFile) {
    const TemporaryFolder folder;
    const std::string sentence = error_sentence([&] { read_file(folder.path); });
    EXPECT_EQ(sentence, folder.path.string() + " is a folder; name a file");
    for (const char* endless : {"/dev/zero", "/dev/full"}) {
        expect_contains(error_sentence([&] { read_file(endless); }),
                        std::string(endless) + " is a device or a pipe");
    }
    ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
    expect_contains(error_sentence([&] { read_file(folder / "pipe"); }), "is a device or a pipe");
}

TEST(ReadFile, SaysThatAFileIsTooLarge) {
    const TemporaryFolder folder;
    put(folder / "seven", "1234567");
    EXPECT_EQ(read_file(folder / "seven", 7), "1234567");
    expect_contains(error_sentence([&] { read_file(folder / "seven", 6); }),
                    "seven has 7 bytes, more than the 6 that are allowed here");
    // A file of 5 GiB that takes no room on the disk: turned down before memory is taken for it.
    fs::resize_file(folder / "seven", std::uint64_t{5} << 30);
    expect_contains(error_sentence([&] { read_file(folder / "seven"); }),
                    "has 5368709120 bytes, more than the 4294967296 that are allowed here");
}

TEST(ReadFile, SaysThatAFileMayNotBeRead) {
    const TemporaryFolder folder;
    fs::permissions(folder.path, fs::perms::all);
    put(folder / "secret", "words");
    fs::permissions(folder / "secret", fs::perms::none);
    const WithoutRoot without_root;
    if (without_root.still_root()) {
        EXPECT_EQ(read_file(folder / "secret"), "words");
    } else {
        expect_contains(error_sentence([&] { read_file(folder / "secret"); }),
                        "secret may not be read (Permission denied); change its permissions");
    }
}

TEST(WriteFile, WritesEveryByteAndLeavesNothingElse) {
    const TemporaryFolder folder;
    for (const std::size_t size : {100'003, 4097, 1, 0}) { // each shorter than what was there
        write_file(folder / "bytes", awkward_bytes(size));
        EXPECT_EQ(bytes_of(folder / "bytes"), awkward_bytes(size)) << size;
    }
    EXPECT_EQ(names_in(folder.path), std::vector<std::string>{"bytes"});
}

TEST(WriteFile, JoinsPieces) {
    const TemporaryFolder folder;
    const std::string large = awkward_bytes(70'001);
    write_pieces(folder / "joined", {"head", "", large, std::string_view("\0z", 2)});
    EXPECT_EQ(bytes_of(folder / "joined"), "head" + large + std::string("\0z", 2));
    write_pieces(folder / "joined", {});
    EXPECT_EQ(bytes_of(folder / "joined"), "");
}

TEST(WriteFile, WritesIntoTheCurrentFolder) {
    const TemporaryFolder folder;
    const fs::path before = fs::current_path();
    fs::current_path(folder.path);
    write_file("here", "x");
    fs::current_path(before);
    EXPECT_EQ(bytes_of(folder / "here"), "x");
}

TEST(WriteFile, KeepsPermissions) {
    const TemporaryFolder folder;
    put(folder / "mine", "old");
    fs::permissions(folder / "mine", fs::perms{0640});
    write_file(folder / "mine", "new");
    EXPECT_EQ(fs::status(folder / "mine").permissions(), fs::perms{0640});

    const mode_t mask = ::umask(027);
    write_file(folder / "fresh", "new");
    ::umask(mask);
    EXPECT_EQ(fs::status(folder / "fresh").permissions(), fs::perms{0640});
}

TEST(WriteFile, FollowsALink) {
    const TemporaryFolder folder;
    fs::create_directory(folder / "elsewhere");
    put(folder / "elsewhere/file", "old");
    fs::create_symlink("elsewhere/file", folder / "link");
    write_file(folder / "link", "new");
    EXPECT_TRUE(fs::is_symlink(folder / "link"));
    EXPECT_EQ(bytes_of(folder / "elsewhere/file"), "new");
}

TEST(WriteFile, SaysWhatIsWrongWithTheName) {
    const TemporaryFolder folder;
    const std::string absent = (folder / "absent/file").string();
    EXPECT_EQ(error_sentence([&] { write_file(absent, "x"); }),
              "cannot write " + absent + " (No such file or directory); create its folder first");
    EXPECT_EQ(error_sentence([&] { write_file(folder.path, "x"); }),
              folder.path.string() + " is a folder; name a file to write");
    EXPECT_EQ(error_sentence([] { write_file("", "x"); }),
              "\"\" names no file to write; add a name");
    expect_contains(error_sentence([&] { write_file(folder / "absent/", "x"); }),
                    "names no file to write");
    const std::string long_name(300, 'n');
    expect_contains(error_sentence([&] { write_file(folder / long_name.c_str(), "x"); }),
                    "(File name too long); choose a shorter name");
    EXPECT_TRUE(fs::is_empty(folder.path));
}

TEST(WriteFile, DoesNotReplaceAPipe) {
    const TemporaryFolder folder;
    ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
    expect_contains(error_sentence([&] { write_file(folder / "pipe", "x"); }),
                    "pipe is a device or a pipe, not a regular file; choose another name");
    EXPECT_TRUE(fs::is_fifo(folder / "pipe"));
}

TEST(WriteFile, RespectsWriteProtection) {
    const TemporaryFolder folder;
    fs::permissions(folder.path, fs::perms::all);
    put(folder / "protected", "old");
    fs::permissions(folder / "protected", fs::perms{0444});
    const WithoutRoot without_root;
    if (without_root.still_root()) {
        write_file(folder / "protected", "new");
        EXPECT_EQ(bytes_of(folder / "protected"), "new");
    } else {
        expect_contains(error_sentence([&] { write_file(folder / "protected", "new"); }),
                        "protected (Permission denied); choose a place where you may write");
        EXPECT_EQ(bytes_of(folder / "protected"), "old");
    }
}

TEST(WriteFile, SaysThatAFolderMayNotBeWritten) {
    const TemporaryFolder folder;
    put(folder / "file", "old");
    fs::permissions(folder / "file", fs::perms{0666});
    fs::permissions(folder.path, fs::perms{0555});
    {
        const WithoutRoot without_root;
        if (without_root.still_root()) {
            write_file(folder / "file", "new");
            EXPECT_EQ(bytes_of(folder / "file"), "new");
        } else {
            expect_contains(error_sentence([&] { write_file(folder / "file", "new"); }),
                            "file (Permission denied); choose a place where you may write");
            EXPECT_EQ(bytes_of(folder / "file"), "old");
        }
    }
    fs::permissions(folder.path, fs::perms{0755});
}

TEST(WriteFile, LeavesTheOldContentWhenThereIsNoRoom) {
    const TemporaryFolder folder;
    put(folder / "model", "old");
    std::string sentence;
    {
        const SizeLimit limit(5000);
        sentence = error_sentence([&] {
            write_pieces(folder / "model", {awkward_bytes(3001), awkward_bytes(2000)});
        });
    }
    EXPECT_EQ(sentence, "cannot write " + (folder / "model").string() +
                            " (File too large); choose a disk, or raise the limit, so that files "
                            "may be this large");
    EXPECT_EQ(bytes_of(folder / "model"), "old");
    EXPECT_EQ(names_in(folder.path), std::vector<std::string>{"model"});
    {
        const SizeLimit limit(5000);
        write_pieces(folder / "model", {awkward_bytes(3000), awkward_bytes(2000)});
    }
    EXPECT_EQ(bytes_of(folder / "model"), awkward_bytes(3000) + awkward_bytes(2000));
}

TEST(WriteFile, PassesByTheTemporaryFilesOfKilledProcesses) {
    const TemporaryFolder folder;
    // Whatever numbers this process comes to next, they are taken.
    for (int number = 0; number < 500; ++number)
        put(folder.path / fmt::format(".whirlygig-{}-{}.tmp", ::getpid(), number), "left");
    write_file(folder / "file", "new");
    EXPECT_EQ(bytes_of(folder / "file"), "new");
    EXPECT_EQ(names_in(folder.path).size(), 501u);
}

TEST(WriteFile, LetsManyThreadsSaveTheSameFile) {
    const TemporaryFolder folder;
    std::vector<std::thread> threads;
    for (const char letter : {'a', 'b', 'c'}) {
        threads.emplace_back([&folder, letter] {
            for (int round = 0; round < 15; ++round)
                write_file(folder / "file", std::string(20'011, letter));
        });
    }
    for (std::thread& thread : threads)
        thread.join();
    const std::string content = bytes_of(folder / "file");
    ASSERT_EQ(content.size(), 20'011u);
    EXPECT_EQ(content, std::string(20'011, content[0]));
    EXPECT_EQ(names_in(folder.path), std::vector<std::string>{"file"});
}

namespace {

// Saves the two contents in turn until it is killed.
[[noreturn]] void save_for_ever(const fs::path& path, const std::string& even,
                                const std::string& odd) {
    try {
        for (std::size_t round = 1;; ++round)
            write_file(path, round % 2 ? odd : even);
    } catch (...) {
        ::_exit(1);
    }
}

} // namespace

TEST(WriteFile, AKilledProcessLeavesAWholeFile) {
    const TemporaryFolder folder;
    const fs::path path = folder / "model";
    const std::string even = awkward_bytes(300'001), odd = std::string(200'003, '1');
    put(path, even);
    Random random(20);
    std::size_t seen_even = 0, seen_odd = 0, interrupted = 0;
    // On a busy machine a child may not get far: then there are more of them.
    const auto seen_all = [&] { return seen_even > 0 && seen_odd > 0 && interrupted > 0; };
    for (int kills = 0; kills < 30 || (kills < 1000 && !seen_all()); ++kills) {
        const pid_t child = ::fork();
        ASSERT_GE(child, 0);
        if (child == 0) save_for_ever(path, even, odd);
        // Look while the child saves and once more after it was killed in the middle of it.
        for (std::size_t looks = random.below(12) + 1; looks > 0; --looks) {
            ::usleep(static_cast<useconds_t>(random.below(500)));
            if (looks == 1) {
                int status = 0;
                ::kill(child, SIGKILL);
                ASSERT_EQ(::waitpid(child, &status, 0), child);
                ASSERT_TRUE(WIFSIGNALED(status)) << "the child could not save";
            }
            const std::string content = bytes_of(path);
            ASSERT_TRUE(content == even || content == odd) << "after " << kills << " kills";
            ++(content == even ? seen_even : seen_odd);
        }
        interrupted = names_in(folder.path).size() - 1; // all but the file are temporary files
    }
    EXPECT_TRUE(seen_all()) << seen_even << ", " << seen_odd << ", " << interrupted;
}
