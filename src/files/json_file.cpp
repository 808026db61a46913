#include "files/json_file.h"

#include "error.h"
#include "files/file.h"
#include "files/strict_json.h"
#include "text/utf8.h"

namespace whirlygig {

using nlohmann::json;

namespace {

constexpr std::size_t deepest = 32;

} // namespace

json parse_json(const std::string& text) {
    return parse_json(text, "the text", deepest);
}

json read_json(const std::filesystem::path& path, std::uint64_t size_limit) {
    return parse_json(read_file(path, size_limit), path.string(), deepest);
}

std::string kind_of(const json& value) {
    if (value.is_object()) return "an object";
    if (value.is_array()) return "a list";
    if (value.is_string()) return "a text";
    if (value.is_number()) return "a number";
    return value.is_null() ? "null" : "true or false";
}

void check_keys(const json& value, const std::string& what, const std::set<std::string>& known) {
    if (!value.is_object()) fail("{} must be an object, {{...}}, but is {}", what, kind_of(value));
    for (const auto& [key, ignored] : value.items()) {
        if (!known.contains(key))
            fail("{} has the unknown key {}; known are {}", what, in_quotes(key),
                 fmt::join(known, ", "));
    }
}

std::string text_at(const json& value, const std::string& what, const std::string& key) {
    if (!value.contains(key)) fail("{} has no \"{}\"", what, key);
    if (!value[key].is_string())
        fail("\"{}\" of {} must be a text in quotation marks, but is {}", key, what,
             kind_of(value[key]));
    return value[key].get<std::string>();
}

std::uint64_t whole_number_at(const json& value, const std::string& what, const std::string& key,
                              std::uint64_t least, std::uint64_t most) {
    if (!value.contains(key)) fail("{} has no \"{}\"", what, key);
    const json& number = value[key];
    if (!number.is_number_unsigned() || number.get<std::uint64_t>() < least ||
        number.get<std::uint64_t>() > most)
        fail("\"{}\" of {} must be a whole number from {} to {}, but is {}", key, what, least, most,
             in_quotes(number.dump()));
    return number.get<std::uint64_t>();
}

} // namespace whirlygig
