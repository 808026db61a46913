// Text laid out in the columns of a terminal. All widths are display widths (see utf8.h), not
// bytes: "ᵀ" is one column and "你" is two. Every function expects valid UTF-8.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace whirlygig {

std::size_t columns_of(std::string_view text); // how many columns the text takes

// The text with blanks behind it (or before it) up to this width; a wider text stays as it is.
std::string pad_right(std::string_view text, std::size_t width);
std::string pad_left(std::string_view text, std::size_t width);

// The text, or its beginning and "…" where it is wider than this.
std::string cut(std::string_view text, std::size_t width);

// The text with control characters, which could move the cursor or change the terminal's colours,
// replaced by pictures of them, and those that turn the writing direction by "�".
std::string visible(std::string_view text);

std::string without_blanks_behind(std::string line); // and with a line end

// The text in lines of at most this width, broken at blanks; lines after the first start with
// `indent` blanks. What is too wide for a line is broken behind "·", and only a word that is still
// too wide is broken anywhere. Line ends in the text stay.
std::string wrap(std::string_view text, std::size_t width, std::size_t indent = 0);

// The same for arithmetic: a short bracket such as "(0.31 − mean 2)" stays on one line.
std::string wrap_arithmetic(std::string_view text, std::size_t width, std::size_t indent = 0);

} // namespace whirlygig
