#include "terminal/text_layout.h"

#include "text/utf8.h"

#include <algorithm>
#include <cctype>

namespace whirlygig {
namespace {

constexpr std::string_view multiplication_dot = "·";

bool turns_writing_direction(char32_t point) {
    return point == 0x200E || point == 0x200F || (point >= 0x202A && point <= 0x202E) ||
           (point >= 0x2066 && point <= 0x2069);
}

// How many bytes of the text fit into `width` columns; at least one code point, so that whoever
// cuts piece after piece comes to an end.
std::size_t bytes_that_fit(std::string_view text, std::size_t width) {
    std::size_t end = 0, used = 0;
    while (end < text.size()) {
        std::size_t next = end;
        used += static_cast<std::size_t>(display_width(next_code_point(text, next)));
        if (used > width && end > 0) break;
        end = next;
    }
    return end;
}

// Fills lines of one paragraph, piece by piece.
class Paragraph {
public:
    Paragraph(std::size_t width, std::size_t indent)
        : width(width),
          indent(indent < width ? indent : 0) {}

    // A word and the blanks before it.
    void add(std::size_t blanks, std::string_view word) {
        const std::size_t size = columns_of(word);
        if (used + blanks + size <= width) {
            append(std::string(blanks, ' ').append(word), blanks + size);
        } else if (indent + size <= width) {
            start_line();
            append(word, size);
        } else {
            add_in_pieces(blanks, word);
        }
    }

    const std::string& text() const { return lines; }

private:
    void add_in_pieces(std::size_t blanks, std::string_view word) {
        if (used + blanks < width) append(std::string(blanks, ' '), blanks);
        while (!word.empty()) {
            const std::size_t dot = word.find(multiplication_dot);
            std::size_t end = dot == word.npos ? word.size() : dot + multiplication_dot.size();
            const std::size_t left = width - std::min(used, width);
            if (columns_of(word.substr(0, end)) > left && used > indent) {
                start_line();
            } else {
                end = std::min(end, bytes_that_fit(word, left));
                append(word.substr(0, end), columns_of(word.substr(0, end)));
                word.remove_prefix(end);
            }
        }
    }

    void start_line() {
        lines += "\n" + std::string(indent, ' ');
        used = indent;
    }

    void append(std::string_view piece, std::size_t size) {
        lines += piece;
        used += size;
    }

    std::size_t width, indent;
    std::size_t used = 0; // columns of the line that is being filled
    std::string lines;
};

// Stands for a blank at which no line may end while arithmetic is wrapped: it is just as wide, and
// arithmetic never has one.
constexpr char kept_blank = '`';

// The innermost brackets, and names that end in a number: "mean 2".
std::string with_short_brackets_kept(std::string_view text) {
    constexpr std::size_t short_bracket = 32; // bytes
    std::string result(text);
    for (std::size_t open = result.find('('); open != result.npos;) {
        const std::size_t next = result.find_first_of("()", open + 1);
        if (next == result.npos) break;
        if (result[next] == ')' && next - open <= short_bracket) {
            std::replace(result.begin() + static_cast<std::ptrdiff_t>(open),
                         result.begin() + static_cast<std::ptrdiff_t>(next), ' ', kept_blank);
        }
        open = result[next] == '(' ? next : result.find('(', next);
    }
    for (std::size_t index = 1; index + 1 < result.size(); ++index) {
        const bool letter_before = std::isalpha(static_cast<unsigned char>(result[index - 1])) != 0;
        const bool digit_behind = std::isdigit(static_cast<unsigned char>(result[index + 1])) != 0;
        if (result[index] == ' ' && letter_before && digit_behind) result[index] = kept_blank;
    }
    return result;
}

std::string wrap_paragraph(std::string_view text, std::size_t width, std::size_t indent) {
    Paragraph paragraph(width, indent);
    while (!text.empty()) {
        const std::size_t blanks = std::min(text.find_first_not_of(' '), text.size());
        text.remove_prefix(blanks);
        const std::size_t end = std::min(text.find(' '), text.size());
        if (end > 0) paragraph.add(blanks, text.substr(0, end));
        text.remove_prefix(end);
    }
    return paragraph.text();
}

} // namespace

std::size_t columns_of(std::string_view text) {
    return static_cast<std::size_t>(display_width(text));
}

std::string pad_right(std::string_view text, std::size_t width) {
    const std::size_t used = columns_of(text);
    return std::string(text) + std::string(width - std::min(used, width), ' ');
}

std::string pad_left(std::string_view text, std::size_t width) {
    const std::size_t used = columns_of(text);
    return std::string(width - std::min(used, width), ' ').append(text);
}

std::string cut(std::string_view text, std::size_t width) {
    if (columns_of(text) <= width) return std::string(text);
    if (width <= 1) return width == 0 ? "" : "…";
    const std::string_view kept = text.substr(0, bytes_that_fit(text, width - 1));
    return columns_of(kept) < width ? std::string(kept) + "…" : "…";
}

std::string visible(std::string_view text) {
    std::string result;
    for (const char32_t point : code_points(text)) {
        if (point < 0x20) {
            result += to_utf8(0x2400 + point); // ␀ to ␟
        } else if (point == 0x7F) {
            result += "␡";
        } else if ((point > 0x7F && point < 0xA0) || turns_writing_direction(point)) {
            result += "�";
        } else {
            result += to_utf8(point);
        }
    }
    return result;
}

std::string wrap_arithmetic(std::string_view text, std::size_t width, std::size_t indent) {
    std::string result = wrap(with_short_brackets_kept(text), width, indent);
    std::replace(result.begin(), result.end(), kept_blank, ' ');
    return result;
}

std::string wrap(std::string_view text, std::size_t width, std::size_t indent) {
    std::string result;
    for (;;) {
        const std::size_t end = text.find('\n');
        result += wrap_paragraph(text.substr(0, end), width, indent);
        if (end == text.npos) return result;
        result += '\n';
        text.remove_prefix(end + 1);
    }
}

std::string without_blanks_behind(std::string line) {
    line.erase(line.find_last_not_of(' ') + 1);
    return line + "\n";
}

} // namespace whirlygig
