// Where things lie: the project's folder, the learner's work and what is built from it.
#pragma once

#include <filesystem>
#include <string>

namespace whirlygig {

struct Places {
    std::filesystem::path root;     // the project's folder
    std::filesystem::path my;       // the learner's work: my/, or what WHIRLYGIG_MY says
    std::filesystem::path checks;   // where the checks are built: build/checks
    std::filesystem::path programs; // where the learner's own programs are built: build/my

    std::filesystem::path source(const std::string& file) const; // a file of src/
    std::filesystem::path mine(const std::string& file) const;   // the learner's
    std::filesystem::path lesson(const std::string& folder) const;

    // A path as messages show it: relative to the project's folder when it lies in there.
    std::string shown(const std::filesystem::path& path) const;
};

// `root` is the project's folder.
Places find_places(const std::filesystem::path& root);

} // namespace whirlygig
