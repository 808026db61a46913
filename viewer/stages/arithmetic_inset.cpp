// The arithmetic of one cell in large numbers, each with where it comes from.
#include "stages/formula.h"
#include "stages/norm_steps.h"
#include "terminal/stage_name.h"
#include "trace/explain.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

namespace whirlygig {
namespace {

// How the formula is set; from the roomiest to the one that leaves most out.
struct Setting {
    ImFont* font;
    bool sources;
    std::size_t most_terms; // of each sum; 0: all
};

struct Layout {
    Setting setting;
    std::vector<Piece> pieces;
    std::vector<std::size_t> starts; // the first piece of each line
    float line = 0;                  // height

    float height() const { return line * static_cast<float>(starts.size()); }
};

std::string mask_words(const Inset& inset, bool masked) {
    const TracedText text = inset.state.traced_text();
    const std::string query = text.place(inset.moment.row);
    const std::string key = text.place(inset.moment.column);
    const bool backward = inset.stage.operation == Operation::mask_backward;
    if (masked && backward)
        return fmt::format("{} comes after {}: the mask took its score away, so nothing comes back "
                           "here.",
                           key, query);
    if (masked)
        return fmt::format("{} comes after {}, which must not look at it: the score becomes −∞ and "
                           "the cell is hatched.",
                           key, query);
    const std::string seen = inset.moment.row == inset.moment.column
                                 ? fmt::format("{} looks at itself", query)
                                 : fmt::format("{} does not come after {}", key, query);
    return seen + (backward ? ": the mask kept its score, so the gradient goes on as it came."
                            : ", so the mask keeps the score as it is.");
}

std::string lookup_words(const Inset& inset) {
    const int id = inset.stage.ids.at(inset.moment.row);
    if (inset.stage.made_from[0].name.ends_with("position_table"))
        return fmt::format("Read from the position table, in the row of place {}.", id);
    return fmt::format("Read from the token table: row {} belongs to \"{}\".", id,
                       inset.state.traced_text().token(id));
}

std::string scale_words(const Inset& inset) {
    const bool backward = is_gradient(inset.stage.name);
    const std::string width = number_text(inset.stage.constant, 4);
    if (backward)
        return fmt::format("The scores were divided by √{}, the root of the head width {}, so "
                           "their gradient is, too.",
                           width, width);
    return fmt::format("Each score is divided by √{}, the root of the head width {}, so that it "
                       "stays moderate.",
                       width, width);
}

std::string words_of_rule(const Inset& inset) {
    const Stage& stage = inset.stage;
    const std::size_t row = inset.moment.row, column = inset.moment.column;
    switch (stage.operation) {
    case Operation::lookup:
        return lookup_words(inset);
    case Operation::sum:
        return "The two numbers that stand in the same cell of both matrices are added.";
    case Operation::scale:
        return scale_words(inset);
    case Operation::mask:
    case Operation::mask_backward:
        return mask_words(inset, column + stage.values.rows > row + stage.values.columns);
    case Operation::join:
        return fmt::format("The heads stand side by side: column {} is one of head {}'s.", column,
                           column / stage.made_from[0].numbers.columns);
    case Operation::split:
        return "The heads stood side by side, so this head takes back the gradient of its own "
               "columns.";
    case Operation::copy:
        return "A sum hands its gradient on unchanged to all that was added.";
    case Operation::mean_share:
        return fmt::format("The loss of the text is the mean of {} losses: each counts with its "
                           "share.",
                           stage.values.rows);
    case Operation::cross_entropy_backward:
        return "−gradient by the loss / probability at the real next token; all other cells are 0.";
    case Operation::softmax_cross_entropy_backward:
        return "What the model thought less what was true (1 for the real next token, otherwise "
               "0), "
               "times the share of the loss.";
    case Operation::softmax_backward:
        return "The attention weight times how much its gradient differs from the row's average.";
    default:
        return stage.formula;
    }
}

// The expression and what it comes to: "1.2 / √16 = 1.2 / 4 = 0.3".
std::vector<Piece> formula_of(const Inset& inset, const Expression& expression,
                              std::size_t most_terms) {
    const Moment& moment = inset.moment;
    std::vector<Piece> pieces = pieces_of(expression, most_terms);
    if (inset.stage.operation == Operation::scale) {
        pieces.push_back({"=", ""});
        pieces.push_back({number_text(expression.parts.at(0).value, 4), ""});
        pieces.push_back({"/", ""});
        pieces.push_back({number_text(expression.parts.at(1).value, 4), ""});
    }
    pieces.push_back({"=", ""});
    pieces.push_back(
        {number_text(inset.stage.values(moment.row, moment.column), 4),
         fmt::format("{} ({}, {})", short_name(inset.stage.name), moment.row, moment.column)});
    return pieces;
}

float width_of(const Theme& theme, const Setting& setting, const Piece& piece) {
    const float text = Ink::size_of(setting.font, piece.text).x;
    if (!setting.sources) return text;
    return std::max(text, Ink::size_of(theme.fonts.small, piece.source).x);
}

Layout lay_out(const Inset& inset, const Expression& expression, const Setting& setting,
               float width) {
    const Theme& theme = inset.ink.theme;
    Layout layout{setting, formula_of(inset, expression, setting.most_terms), {}, 0};
    layout.line = line_height(setting.font);
    if (setting.sources) layout.line += line_height(theme.fonts.small) + theme.units(3);
    const float gap = theme.units(9);
    float x = width; // so that the first piece starts a line
    for (std::size_t index = 0; index < layout.pieces.size(); ++index) {
        const float piece = width_of(theme, setting, layout.pieces[index]);
        // An operator stays with what follows it.
        const bool leads = is_operator(layout.pieces[index]) && index + 1 < layout.pieces.size();
        const float next = leads ? gap + width_of(theme, setting, layout.pieces[index + 1]) : 0;
        const bool kept = index > 0 && is_operator(layout.pieces[index - 1]) && x > 0;
        if (index == 0 || (x + piece + next > width && !kept)) {
            layout.starts.push_back(index);
            x = 0;
        }
        x += piece + gap;
    }
    return layout;
}

Layout choose_layout(const Inset& inset, const Expression& expression, const Box& box,
                     float reserved) {
    const Fonts& fonts = inset.ink.theme.fonts;
    const std::array<Setting, 6> settings{{{fonts.large, true, 0},
                                           {fonts.text, true, 0},
                                           {fonts.text, true, 2},
                                           {fonts.text, true, 1},
                                           {fonts.small, false, 2},
                                           {fonts.small, false, 1}}};
    Layout layout;
    for (const Setting& setting : settings) {
        layout = lay_out(inset, expression, setting, box.width());
        if (layout.height() + reserved <= box.height()) break;
    }
    return layout;
}

void draw_layout(Ink& ink, Box& box, const Layout& layout) {
    const Theme& theme = ink.theme;
    const ImU32 result = theme.accent;
    for (std::size_t line = 0; line < layout.starts.size(); ++line) {
        if (box.height() < layout.line) return;
        Box strip = box.cut_top(layout.line);
        const bool last = line + 1 == layout.starts.size();
        const std::size_t end = last ? layout.pieces.size() : layout.starts[line + 1];
        for (std::size_t index = layout.starts[line]; index < end; ++index) {
            const Piece& piece = layout.pieces[index];
            const bool is_result = index + 1 == layout.pieces.size();
            const float wanted = width_of(theme, layout.setting, piece);
            const Box place = strip.cut_left(wanted + theme.units(9));
            const float width = std::min(wanted, place.width());
            ink.text_within(layout.setting.font, place.low, width, is_result ? result : theme.text,
                            piece.text);
            if (!layout.setting.sources) continue;
            ink.text_within(theme.fonts.small,
                            {place.low.x, place.low.y + line_height(layout.setting.font)}, width,
                            theme.dim, piece.source);
        }
    }
}

void write_definitions(Ink& ink, Box box, const std::vector<std::string>& definitions) {
    const Theme& theme = ink.theme;
    const float line = line_height(theme.fonts.small);
    for (std::size_t index = 0; index < definitions.size(); ++index) {
        const std::string& definition = definitions[index];
        const auto lines =
            static_cast<float>(lines_within(theme.fonts.small, definition, box.width()).size());
        const float more = index + 1 == definitions.size() ? 0 : 1; // for "… more such lines"
        if (box.height() + 0.25F < (lines + more) * line)
            return write(ink, box, {theme.fonts.small, theme.dim, 1},
                         fmt::format("… and {} more such lines: the cell's panel shows them all",
                                     definitions.size() - index));
        write(ink, box, {theme.fonts.small, theme.dim, 3}, definition);
    }
}

} // namespace

void draw_one_line(Inset& inset) {
    const Theme& theme = inset.ink.theme;
    const Moment& moment = inset.moment;
    const std::shared_ptr<const Expression> expression =
        inset.state.explained(inset.stage, moment.row, moment.column);
    const float width = inset.high.x - inset.low.x;
    std::string words;
    if (inset.stage.operation == Operation::normalise_backward) {
        // Its expression is too deep for one line: the last steps say most.
        const double stored = inset.stage.values(moment.row, moment.column);
        const std::vector<NormStep> steps = norm_steps_of(*expression, stored);
        for (const bool with_words : {true, false}) {
            words = fmt::format("Cell ({}, {}):", moment.row, moment.column);
            for (std::size_t index = 4; index < steps.size(); ++index)
                words += fmt::format("{} {}{}", index > 4 ? ", with what went straight on:" : "",
                                     with_words && index == 4 ? steps[index].words + " = " : "",
                                     steps[index].numbers);
            if (Ink::size_of(theme.fonts.small, words).x <= width) break;
        }
        inset.ink.text_within(theme.fonts.small, inset.low, width, theme.dim, words);
        return;
    }
    for (const std::size_t most_terms : {6, 4, 3, 2, 1}) {
        words = fmt::format("Cell ({}, {}):", moment.row, moment.column);
        for (const Piece& piece : formula_of(inset, *expression, most_terms))
            words += " " + piece.text;
        if (Ink::size_of(theme.fonts.small, words).x <= width) break;
    }
    inset.ink.text_within(theme.fonts.small, inset.low, width, theme.dim, words);
}

void draw_arithmetic(Inset& inset) {
    const Theme& theme = inset.ink.theme;
    const std::shared_ptr<const Expression> explained =
        inset.state.explained(inset.stage, inset.moment.row, inset.moment.column);
    const Expression& expression = *explained;
    std::string words = words_of_rule(inset);
    words[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(words[0])));
    Box box = below_caption(inset, words);
    const std::vector<std::string> definitions = definitions_of(expression);
    std::size_t lines = 0;
    for (const std::string& definition : definitions)
        lines += lines_within(theme.fonts.small, definition, box.width()).size();
    const float reserved =
        static_cast<float>(std::min<std::size_t>(lines, 4)) * line_height(theme.fonts.small);
    const Layout layout = choose_layout(inset, expression, box, reserved);
    draw_layout(inset.ink, box, layout);
    write_definitions(inset.ink, box, definitions);
}

} // namespace whirlygig
