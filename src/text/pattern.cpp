#include "text/pattern.h"

#include "error.h"
#include "text/utf8.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace whirlygig {

namespace {

constexpr std::string_view capitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
constexpr std::string_view capitals_and_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
constexpr std::string_view small_letters = "abcdefghijklmnopqrstuvwxyz_";

bool is_label(std::string_view text) {
    return !text.empty() && text.find_first_not_of(small_letters) == std::string_view::npos;
}

// Each function reads one rule of the grammar of patterns, from `offset` on.
class PatternReader {
public:
    explicit PatternReader(std::string_view pattern)
        : text(pattern) {}

    Pattern whole() {
        Pattern pattern = alternatives(0);
        if (offset < text.size()) wrong("there is no bracket that this could close");
        return pattern;
    }

private:
    // sequence | sequence | ...
    Pattern alternatives(int depth) {
        if (depth > 16) wrong("the brackets are nested too deep");
        Pattern choice{.kind = Pattern::Kind::choice};
        choice.parts.push_back(sequence(depth));
        while (next() == '|') {
            ++offset;
            choice.parts.push_back(sequence(depth));
        }
        return choice.parts.size() == 1 ? choice.parts.front() : choice;
    }

    // item item ...
    Pattern sequence(int depth) {
        Pattern sequence{.kind = Pattern::Kind::sequence};
        for (char c = next(); c != '\0' && c != '|' && c != ')' && c != ']'; c = next())
            sequence.parts.push_back(item(depth));
        if (sequence.parts.empty()) wrong("there is nothing to say");
        return sequence;
    }

    // (alternatives) or [alternatives] or a word
    Pattern item(int depth) {
        const char open = next();
        if (open != '(' && open != '[') return word();
        const std::size_t opened = offset++;
        Pattern inside = alternatives(depth + 1);
        if (next() != (open == '(' ? ')' : ']')) {
            offset = opened;
            wrong(fmt::format("the {} is not closed", open));
        }
        ++offset;
        if (open == '(') return inside;
        Pattern choice{.kind = Pattern::Kind::choice};
        choice.parts.push_back(std::move(inside));
        choice.parts.push_back(Pattern{.kind = Pattern::Kind::sequence}); // or nothing
        return choice;
    }

    Pattern word() {
        const std::size_t end = std::min(text.find_first_of(" \t\r\n()[]|", offset), text.size());
        const std::string_view word = text.substr(offset, end - offset);
        const std::u32string letters = code_points(word);
        if (std::any_of(letters.begin(), letters.end(), is_white_space))
            wrong("only plain blanks can stand between words");
        offset = end;
        const std::size_t mark = word.find_first_of(":.");
        if (is_name(word)) return Pattern{.kind = Pattern::Kind::name, .text = std::string(word)};
        if (mark != std::string_view::npos && is_label(word.substr(0, mark)) &&
            is_name(word.substr(mark + 1))) {
            Pattern name{.kind = Pattern::Kind::name, .text = std::string(word.substr(mark + 1))};
            (word[mark] == ':' ? name.label : name.owner) = word.substr(0, mark);
            return name;
        }
        return Pattern{.kind = Pattern::Kind::word, .text = std::string(word)};
    }

    // The character after any blanks; 0 at the end.
    char next() {
        offset = std::min(text.find_first_not_of(" \t\r\n", offset), text.size());
        return offset < text.size() ? text[offset] : '\0';
    }

    [[noreturn]] void wrong(const std::string& what) const {
        const std::string place =
            offset == text.size() ? "the end" : in_quotes(text.substr(offset, 60));
        fail("the pattern {} is wrong at {}: {}", in_quotes(text), place, what);
    }

    std::string_view text;
    std::size_t offset = 0;
};

} // namespace

bool is_name(std::string_view text) {
    return text.size() >= 2 && capitals.find(text[0]) != std::string_view::npos &&
           text.find_first_not_of(capitals_and_digits) == std::string_view::npos;
}

Pattern parse_pattern(std::string_view text) {
    return PatternReader(text).whole();
}

} // namespace whirlygig
