// The keys that a script can press.
#pragma once

#include <optional>
#include <string_view>

namespace whirlygig {

struct ScriptKey {
    bool control = false;      // with Ctrl held down
    std::optional<int> mapped; // Dear ImGui's number (ImGuiKey_LeftArrow), where it has one
    char32_t character = 0;    // what the key types; 0: nothing
};

// By a name like "Left", "Ctrl+A" or "?". Throws an Error that says which names there are.
ScriptKey script_key(std::string_view name);

} // namespace whirlygig
