#include "places.h"

#include <cstdlib>

namespace whirlygig {

namespace fs = std::filesystem;

fs::path Places::source(const std::string& file) const {
    return root / "src" / file;
}

fs::path Places::mine(const std::string& file) const {
    return my / file;
}

fs::path Places::lesson(const std::string& folder) const {
    return root / "lessons" / folder;
}

std::string Places::shown(const fs::path& path) const {
    const fs::path relative = path.lexically_relative(root);
    return relative.empty() || *relative.begin() == ".." ? path.string() : relative.string();
}

Places find_places(const fs::path& root) {
    const char* chosen = std::getenv("WHIRLYGIG_MY");
    const fs::path my = chosen && *chosen ? fs::absolute(chosen) : root / "my";
    return {root, my.lexically_normal(), root / "build" / "checks", root / "build" / "my"};
}

} // namespace whirlygig
