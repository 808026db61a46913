#include "files/file.h"

#include "error.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <optional>
#include <system_error>

namespace whirlygig {

namespace {

using Path = std::filesystem::path;

std::string reason(int code) {
    return std::generic_category().message(code);
}

// Repeats a system call that a signal interrupted: ctrl-C may come in the middle of a save.
template <class Call>
auto uninterrupted(Call call) {
    auto result = call();
    while (result < 0 && errno == EINTR)
        result = call();
    return result;
}

// An open file that closes itself; the number is -1 when it could not be opened.
struct OpenFile {
    explicit OpenFile(const Path& path, int flags)
        : number(uninterrupted([&] { return ::open(path.c_str(), flags | O_CLOEXEC, 0666); })) {}
    OpenFile(const OpenFile&) = delete;
    OpenFile& operator=(const OpenFile&) = delete;
    ~OpenFile() {
        if (number >= 0) ::close(number);
    }

    const int number;
};

[[noreturn]] void fail_to_open(const Path& path, int code) {
    if (code == ENOENT || code == ENOTDIR) {
        fail("there is no file {}; check its name and its folder", path.string());
    }
    if (code == EACCES || code == EPERM) {
        fail("{} may not be read ({}); change its permissions or those of its folder",
             path.string(), reason(code));
    }
    fail("{} cannot be opened ({}); check its name", path.string(), reason(code));
}

[[noreturn]] void fail_to_write(const Path& path, int code) {
    const auto remedy = [code] {
        switch (code) {
        case ENOENT:
        case ENOTDIR:
            return "create its folder first";
        case EACCES:
        case EPERM:
        case EROFS:
            return "choose a place where you may write, or change the permissions";
        case ENOSPC:
        case EDQUOT:
            return "free some space on its disk and save again";
        case EFBIG:
            return "choose a disk, or raise the limit, so that files may be this large";
        case ENAMETOOLONG:
            return "choose a shorter name";
        default:
            return "check the disk and save again";
        }
    };
    fail("cannot write {} ({}); {}", path.string(), reason(code), remedy());
}

// The size of a regular file that was opened for reading.
std::uint64_t readable_size(const OpenFile& file, const Path& path) {
    if (file.number < 0) fail_to_open(path, errno);
    struct stat status {};
    if (::fstat(file.number, &status) != 0) fail_to_open(path, errno);
    if (S_ISDIR(status.st_mode)) fail("{} is a folder; name a file", path.string());
    if (!S_ISREG(status.st_mode)) {
        fail("{} is a device or a pipe, not a regular file; copy what it gives into a file first",
             path.string());
    }
    return static_cast<std::uint64_t>(status.st_size);
}

std::string zeros(std::uint64_t size, const Path& path) {
    try {
        return std::string(size, '\0');
    } catch (const std::exception&) {
        fail("{} has {} bytes, more than fit into the free memory; close other programs or use a "
             "smaller file",
             path.string(), size);
    }
}

} // namespace

std::string read_file(const Path& path, std::uint64_t size_limit) {
    // Without O_NONBLOCK, opening a pipe would wait until somebody writes to it.
    const OpenFile file(path, O_RDONLY | O_NOCTTY | O_NONBLOCK);
    const std::uint64_t size = readable_size(file, path);
    if (size > size_limit) {
        fail("{} has {} bytes, more than the {} that are allowed here; is it the right file?",
             path.string(), size, size_limit);
    }
    std::string content = zeros(size, path);
    std::size_t filled = 0;
    while (filled < content.size()) {
        const ssize_t count = uninterrupted(
            [&] { return ::read(file.number, &content[filled], content.size() - filled); });
        if (count < 0) fail("cannot read {} ({}); check the disk", path.string(), reason(errno));
        if (count == 0) {
            fail("{} became shorter while it was read: {} of {} bytes are left; try again",
                 path.string(), filled, size);
        }
        filled += static_cast<std::size_t>(count);
    }
    return content;
}

namespace {

// A file under a temporary name. It is removed again unless it takes another file's place.
class TemporaryFile {
public:
    // The name is made of the process and a running number: unique among processes and threads.
    // A name that is taken was left by a process that was killed; the next one is tried.
    TemporaryFile(const Path& folder, const Path& path_in_errors)
        : path(path_in_errors) {
        static std::atomic<std::uint64_t> running_number = 0;
        do {
            name = folder / fmt::format(".whirlygig-{}-{}.tmp", ::getpid(), running_number++);
            file.emplace(name, O_WRONLY | O_CREAT | O_EXCL);
        } while (file->number < 0 && errno == EEXIST);
        if (file->number < 0) fail_to_write(path, errno);
    }
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;
    ~TemporaryFile() {
        if (!renamed) ::unlink(name.c_str());
    }

    // Failing is no loss here: not every file system knows permissions.
    void set_permissions(mode_t mode) { (void)!::fchmod(file->number, mode); }

    void write(std::string_view bytes) {
        while (!bytes.empty()) {
            const ssize_t count =
                uninterrupted([&] { return ::write(file->number, bytes.data(), bytes.size()); });
            if (count < 0) fail_to_write(path, errno);
            bytes.remove_prefix(static_cast<std::size_t>(count));
        }
    }

    // Only after the flush, which also reports what a delayed write ran into, may the name change.
    void take_the_place_of(const Path& target) {
        if (uninterrupted([&] { return ::fsync(file->number); }) != 0) fail_to_write(path, errno);
        if (::rename(name.c_str(), target.c_str()) != 0) fail_to_write(path, errno);
        renamed = true;
    }

private:
    const Path& path;
    Path name;
    std::optional<OpenFile> file;
    bool renamed = false;
};

// What the name leads to: replacing a link itself would leave the linked file as it was.
Path follow_links(const Path& path) {
    std::error_code does_not_exist;
    const Path target = std::filesystem::canonical(path, does_not_exist);
    return does_not_exist ? path : target;
}

// The permissions of the file that is to be replaced, if there is one. Renaming could replace a
// device or a write-protected file too, so they are turned down here.
std::optional<mode_t> replaceable_permissions(const Path& target, const Path& path) {
    struct stat status {};
    if (::stat(target.c_str(), &status) != 0) return std::nullopt;
    if (S_ISDIR(status.st_mode)) fail("{} is a folder; name a file to write", path.string());
    if (!S_ISREG(status.st_mode)) {
        fail("{} is a device or a pipe, not a regular file; choose another name", path.string());
    }
    if (::faccessat(AT_FDCWD, target.c_str(), W_OK, AT_EACCESS) != 0) fail_to_write(path, errno);
    return status.st_mode & 07777;
}

// Makes the new name as lasting as the content. A folder that may not be read cannot be opened,
// and some file systems cannot flush a folder (EINVAL): there the name lasts as well as it can.
void flush_folder(const Path& folder, const Path& path) {
    const OpenFile file(folder, O_RDONLY | O_DIRECTORY);
    if (file.number < 0) return;
    if (uninterrupted([&] { return ::fsync(file.number); }) != 0 && errno == EIO) {
        fail("{} is saved, but a power cut may bring back what was there before: its folder "
             "cannot be flushed ({}); check the disk",
             path.string(), reason(errno));
    }
}

} // namespace

void write_file(const Path& path, std::string_view content) {
    write_pieces(path, {content});
}

void write_pieces(const Path& path, const std::vector<std::string_view>& pieces) {
    const Path target = follow_links(path);
    if (!target.has_filename()) fail("\"{}\" names no file to write; add a name", path.string());
    const Path folder = target.has_parent_path() ? target.parent_path() : ".";
    const std::optional<mode_t> permissions = replaceable_permissions(target, path);
    TemporaryFile file(folder, path);
    if (permissions) file.set_permissions(*permissions);
    for (const std::string_view piece : pieces)
        file.write(piece);
    file.take_the_place_of(target);
    flush_folder(folder, path);
}

} // namespace whirlygig
