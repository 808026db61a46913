#include "script_keys.h"

#include "error.h"
#include "text/utf8.h"

#include <imgui.h>

#include <array>
#include <string>

namespace whirlygig {
namespace {

struct NamedKey {
    std::string_view name;
    int mapped;
};

constexpr std::array<NamedKey, 14> named_keys = {{{"Left", ImGuiKey_LeftArrow},
                                                  {"Right", ImGuiKey_RightArrow},
                                                  {"Up", ImGuiKey_UpArrow},
                                                  {"Down", ImGuiKey_DownArrow},
                                                  {"Space", ImGuiKey_Space},
                                                  {"Home", ImGuiKey_Home},
                                                  {"End", ImGuiKey_End},
                                                  {"PageUp", ImGuiKey_PageUp},
                                                  {"PageDown", ImGuiKey_PageDown},
                                                  {"Escape", ImGuiKey_Escape},
                                                  {"Enter", ImGuiKey_Enter},
                                                  {"Tab", ImGuiKey_Tab},
                                                  {"Backspace", ImGuiKey_Backspace},
                                                  {"Delete", ImGuiKey_Delete}}};

// The letters that Dear ImGui knows as keys, for its text boxes.
constexpr std::array<NamedKey, 6> letter_keys = {{{"a", ImGuiKey_A},
                                                  {"c", ImGuiKey_C},
                                                  {"v", ImGuiKey_V},
                                                  {"x", ImGuiKey_X},
                                                  {"y", ImGuiKey_Y},
                                                  {"z", ImGuiKey_Z}}};

[[noreturn]] void fail_unknown(std::string_view name) {
    std::string names;
    for (const NamedKey& key : named_keys)
        names += fmt::format("{}, ", key.name);
    fail("there is no key {}; there are {}a single sign like l or ?, and Ctrl+ before a name or "
         "before one of a, c, v, x, y, z",
         in_quotes(name), names);
}

std::optional<int> mapped_letter(char32_t character) {
    const char32_t small = character >= U'A' && character <= U'Z' ? character + 32 : character;
    for (const NamedKey& letter : letter_keys) {
        if (static_cast<char32_t>(letter.name[0]) == small) return letter.mapped;
    }
    return std::nullopt;
}

} // namespace

ScriptKey script_key(std::string_view name) {
    constexpr std::string_view with_control = "Ctrl+";
    ScriptKey key;
    std::string_view rest = name;
    key.control = name.starts_with(with_control);
    if (key.control) rest.remove_prefix(with_control.size());
    for (const NamedKey& named : named_keys) {
        if (rest != named.name) continue;
        key.mapped = named.mapped;
        if (rest == "Space" && !key.control) key.character = U' ';
        return key;
    }
    const std::u32string signs = code_points(rest);
    if (signs.size() != 1 || signs[0] <= U' ' || signs[0] == 0x7F) fail_unknown(name);
    key.mapped = mapped_letter(signs[0]);
    // A keyboard types nothing while Ctrl is held.
    if (key.control && !key.mapped) fail_unknown(name);
    if (!key.control) key.character = signs[0];
    return key;
}

} // namespace whirlygig
