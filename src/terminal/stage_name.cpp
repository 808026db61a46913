#include "terminal/stage_name.h"

#include <charconv>

namespace whirlygig {
namespace {

constexpr std::string_view gradient = "gradient.";

// Takes "block.1." from the front of the name and returns 1; none where it does not stand there.
std::optional<std::size_t> take_counted(std::string_view& name, std::string_view kind) {
    if (!name.starts_with(kind)) return std::nullopt;
    const std::string_view rest = name.substr(kind.size());
    std::size_t count = 0;
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), count);
    const auto length = static_cast<std::size_t>(end - rest.data());
    if (error != std::errc() || length >= rest.size() || rest[length] != '.') return std::nullopt;
    name = rest.substr(length + 1);
    return count;
}

} // namespace

StageName parse_stage_name(std::string_view name) {
    StageName parsed;
    parsed.gradient = is_gradient(name);
    name = without_gradient(name);
    parsed.block = take_counted(name, "block.");
    if (parsed.block) parsed.head = take_counted(name, "head.");
    parsed.role = name;
    return parsed;
}

bool is_gradient(std::string_view name) {
    return name.starts_with(gradient);
}

std::string gradient_of(std::string_view name) {
    return std::string(gradient).append(name);
}

std::string_view without_gradient(std::string_view name) {
    return is_gradient(name) ? name.substr(gradient.size()) : name;
}

bool is_attention_map(const StageName& name) {
    return name.head && (name.role == "scores" || name.role == "scaled" || name.role == "masked" ||
                         name.role == "attention_weights");
}

bool rows_are_mixed(const StageName& name) {
    return name.block ? *name.block > 0 : !name.role.starts_with("embedding.");
}

} // namespace whirlygig
