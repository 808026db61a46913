#include "history.h"

#include "process.h"

#include <fmt/format.h>

namespace whirlygig {

namespace {

// git, told to look at this repository and no other, with nobody's settings, hooks or signatures.
Outcome git(const Places& places, const std::vector<std::string>& words) {
    std::vector<std::string> command{"git",
                                     "--git-dir=" + (places.my / ".git").string(),
                                     "--work-tree=" + places.my.string(),
                                     "-c",
                                     "user.name=Whirlygig learner",
                                     "-c",
                                     "user.email=learner@localhost",
                                     "-c",
                                     "commit.gpgsign=false",
                                     "-c",
                                     "core.hooksPath=/dev/null"};
    command.insert(command.end(), words.begin(), words.end());
    return run({.words = command,
                .folder = places.my,
                .environment = {{"GIT_INDEX_FILE", ""},
                                {"GIT_DIR", ""},
                                {"GIT_WORK_TREE", ""},
                                {"GIT_AUTHOR_NAME", ""},
                                {"GIT_AUTHOR_EMAIL", ""},
                                {"GIT_COMMITTER_NAME", ""},
                                {"GIT_COMMITTER_EMAIL", ""},
                                {"GIT_CONFIG_GLOBAL", "/dev/null"},
                                {"GIT_CONFIG_NOSYSTEM", "1"},
                                {"LC_ALL", "C"}}});
}

std::string sentence(const Places& places, const Outcome& outcome) {
    if (outcome.good()) return {};
    if (outcome.missing)
        return fmt::format("There is no git here, so {} keeps no history of your work.",
                           places.shown(places.my));
    return fmt::format("The history of your work in {} was not written; git says: {}",
                       places.shown(places.my),
                       outcome.output.substr(0, outcome.output.find('\n')));
}

} // namespace

std::string start_history(const Places& places) {
    std::error_code ignored;
    if (std::filesystem::exists(places.my / ".git", ignored)) return {};
    return sentence(places, git(places, {"-c", "init.defaultBranch=main", "init", "--quiet"}));
}

std::string commit_work(const Places& places, const std::string& message) {
    std::string started = start_history(places);
    if (!started.empty()) return started;
    const Outcome added = git(places, {"add", "--all"});
    if (!added.good()) return sentence(places, added);
    if (git(places, {"diff", "--cached", "--quiet"}).good()) return {}; // nothing has changed
    return sentence(places, git(places, {"commit", "--quiet", "--message", message}));
}

} // namespace whirlygig
