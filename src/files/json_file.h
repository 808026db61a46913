// JSON files that people write by hand, read strictly.
#pragma once

#include <nlohmann/json.hpp>

#include <cstdint>
#include <filesystem>
#include <set>
#include <string>

namespace whirlygig {

// The content of a JSON file of at most `size_limit` bytes. Throws an Error that names the file
// when read_file or parse_json (strict_json.h) does; more than 32 levels are too deep.
nlohmann::json read_json(const std::filesystem::path& path, std::uint64_t size_limit);

// The same for a text; the Error has no file to name.
nlohmann::json parse_json(const std::string& text);

// What a value is, for a message: "an object", "a list", "a text", "a number", ...
std::string kind_of(const nlohmann::json& value);

// Throws an Error unless `value` is an object that has no keys but the known ones; `what` is the
// object's name in the message.
void check_keys(const nlohmann::json& value, const std::string& what,
                const std::set<std::string>& known);

// A value of the object `value`. Throws an Error that says `what` and the key when the value is
// missing or is not of the kind asked for.
std::string text_at(const nlohmann::json& value, const std::string& what, const std::string& key);
std::uint64_t whole_number_at(const nlohmann::json& value, const std::string& what,
                              const std::string& key, std::uint64_t least, std::uint64_t most);

} // namespace whirlygig
