#include "folder_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace whirlygig {

FolderLock::FolderLock(const std::filesystem::path& folder) {
    std::filesystem::create_directories(folder);
    file = ::open((folder / "lock").c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0666);
    if (file >= 0) ::flock(file, LOCK_EX);
}

FolderLock::~FolderLock() {
    if (file >= 0) ::close(file);
}

} // namespace whirlygig
