// JSON that comes from outside: checked strictly, with sentences a person can use.
#pragma once

#include <nlohmann/json.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace whirlygig {

// The value that the text describes. `source` says in errors what the text is, "config.json" say.
// Throws an Error for anything that is not one JSON value (RFC 8259) in UTF-8, and also, because
// the library would accept them silently, overflow or need absurd memory: for a name that occurs
// twice in an object, for objects and lists nested deeper than `depth_limit` ({"a": [1]} is 2
// deep) and for more than a million values.
nlohmann::json parse_json(std::string_view text, const std::string& source,
                          std::size_t depth_limit);

// A piece of a file as an error may show it: in quotes, control characters spelled out, cut when
// it is long.
std::string shown(std::string_view text);

} // namespace whirlygig
