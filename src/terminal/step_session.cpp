#include "terminal/step_session.h"

#include "error.h"
#include "terminal/cell_text.h"
#include "terminal/stage_finder.h"
#include "terminal/stage_table.h"
#include "terminal/text_layout.h"
#include "text/utf8.h"

#include <charconv>
#include <istream>
#include <ostream>
#include <string>

namespace whirlygig {
namespace {

std::string_view without_blanks(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t\r");
    if (first == text.npos) return "";
    return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

std::string rule(std::size_t width) {
    std::string line;
    for (std::size_t column = 0; column < width; ++column)
        line += "─";
    return line + "\n";
}

constexpr std::string_view more_with_backward =
    "This was the forward pass; with the option --backward the gradients follow.";

constexpr std::string_view help = "  Enter    the next stage\n"
                                  "  b        back to the stage before\n"
                                  "  7        stage 7\n"
                                  "  scores   the next stage of that name, or with it in its name\n"
                                  "  3,1      the arithmetic of the cell in row 3, column 1\n"
                                  "  a        all of this stage, where something was left out\n"
                                  "  l        the list of all stages\n"
                                  "  h        this help\n"
                                  "  q        quit\n";

// What the session knows between two lines of input.
class Session {
public:
    Session(std::ostream& output, const TracedText& text, const TextStyle& style)
        : output(output),
          text(text),
          style(style),
          count(stages_in_order(text.trace).size()) {}

    void start() {
        output << introduction(text, style);
        show(1);
    }

    void prompt() {
        const std::string where = fmt::format("[{}/{}] ", current, count);
        constexpr std::size_t room_to_type = 6;
        const std::string full =
            where + "Enter next, b back, 3,1 a cell, NAME go there, h help, q quit > ";
        output << (columns_of(full) + room_to_type <= style.width ? full : where + "h: help > ")
               << std::flush;
    }

    // False when the reader is done.
    bool answer(std::string_view line) {
        const std::string_view words = without_blanks(line);
        CellPlace cell;
        if (words == "q" || words == "quit" || words == "exit") return false;
        if (words.empty() || words == "n") {
            go(current + 1);
        } else if (words == "b") {
            go(current - 1);
        } else if (words == "h" || words == "help" || words == "?") {
            output << help;
        } else if (words == "l") {
            output << stage_table(text.trace, style.width);
        } else if (words == "a") {
            show_all();
        } else if (parse_cell(words, cell)) {
            output << "\n" << cell_text(text, current, cell.row, cell.column, style);
        } else {
            show(find_stage_after(text.trace, words, current));
        }
        return true;
    }

private:
    void show(std::size_t number) {
        current = number;
        output << rule(style.width) << stage_text(text, current, style);
    }

    void show_all() {
        TextStyle all = style;
        all.amount = Amount::everything;
        output << rule(style.width) << stage_text(text, current, all);
    }

    void go(std::size_t number) {
        if (number == 0) {
            output << "This is the first stage; Enter goes on.\n";
        } else if (number > count) {
            output << wrap(ending(), style.width) << "\n";
        } else {
            show(number);
        }
    }

    std::string ending() const {
        std::string sentence = "This is the last stage; b goes back, q quits.";
        if (text.trace.backward_stages.empty() && text.trace.ids.size() > 1)
            sentence += fmt::format(" {}", more_with_backward);
        return sentence;
    }

    std::ostream& output;
    const TracedText& text;
    TextStyle style;
    std::size_t count;
    std::size_t current = 1;
};

bool take_number(std::string_view& text, std::size_t& number) {
    text = without_blanks(text);
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc()) return false;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return true;
}

} // namespace

bool parse_cell(std::string_view text, CellPlace& cell) {
    text = without_blanks(text);
    if (text.starts_with('(') && text.ends_with(')')) text = text.substr(1, text.size() - 2);
    if (!take_number(text, cell.row)) return false;
    const std::size_t size = text.size();
    text = without_blanks(text);
    if (text.starts_with(',')) {
        text.remove_prefix(1);
    } else if (text.size() == size) {
        return false;
    }
    return take_number(text, cell.column) && without_blanks(text).empty();
}

void write_all_stages(std::ostream& output, const TracedText& text, const TextStyle& style) {
    output << introduction(text, style);
    const std::size_t count = stages_in_order(text.trace).size();
    for (std::size_t number = 1; number <= count && output; ++number)
        output << "\n" << rule(style.width) << stage_text(text, number, style);
    if (text.trace.backward_stages.empty() && text.trace.ids.size() > 1)
        output << "\n" << wrap(more_with_backward, style.width) << "\n";
}

void step_through(std::istream& input, std::ostream& output, const TracedText& text,
                  TextStyle style) {
    style.amount = Amount::beginning;
    style.most_terms = 100;
    style.how_to_see_all = "Type a for all of it.";
    Session session(output, text, style);
    session.start();
    session.prompt();
    std::string line;
    while (std::getline(input, line)) {
        try {
            if (!session.answer(line)) return;
        } catch (const Error& error) {
            output << wrap(error.what(), style.width) << "\n";
        }
        session.prompt();
    }
    output << "\n";
}

} // namespace whirlygig
