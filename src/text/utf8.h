// UTF-8: one to four bytes for each code point (RFC 3629). Everything that comes from a file, the
// command line or a text box is checked here before any other part of the program looks at it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace whirlygig {

// Reads the code point that starts at byte `offset` and moves the offset behind it. Throws an
// Error that names the offset where the bytes are not well-formed: a byte missing or out of place,
// more bytes than needed, half of a UTF-16 pair (U+D800 to U+DFFF), above U+10FFFF, past the end.
char32_t next_code_point(std::string_view text, std::size_t& offset);

// The offset of the first byte that does not belong to a well-formed code point; none when the
// whole text is valid.
std::optional<std::size_t> first_invalid_byte(std::string_view text);

// All code points in order; throws what next_code_point throws.
std::u32string code_points(std::string_view text);

// A code point's bytes. Throws an Error for numbers that are no code points.
std::string to_utf8(char32_t code_point);

// White space in Unicode's sense (the property White_Space): blanks of any width, tabs, line ends.
bool is_white_space(char32_t code_point);

// How many columns of a terminal the text takes: 0 for combining marks and control characters, 2
// for Chinese, Japanese, Korean and emoji, 1 for the rest. An approximation by ranges: terminals
// differ, and one that draws several code points as one picture (a flag) needs fewer columns.
int display_width(char32_t code_point);
int display_width(std::string_view text);

// The text in quotation marks, fit for a message: control characters and invalid bytes by their
// numbers, like <U+001B> and <byte FF>, and cut behind 40 code points.
std::string in_quotes(std::string_view text);

} // namespace whirlygig
