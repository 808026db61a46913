// Held while a folder with composed sources is written to and built from, so that two learn
// programs (a watch and a check) do not mix up theirs. The system gives it back in any case.
#pragma once

#include <filesystem>

namespace whirlygig {

class FolderLock {
public:
    // Makes the folder if there is none, and waits until nobody else holds it.
    explicit FolderLock(const std::filesystem::path& folder);
    ~FolderLock();
    FolderLock(const FolderLock&) = delete;
    FolderLock& operator=(const FolderLock&) = delete;

private:
    int file;
};

} // namespace whirlygig
