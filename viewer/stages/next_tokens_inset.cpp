// The tokens that fit best after a place, from its logits or its probabilities.
#include "stages/inset_parts.h"
#include "terminal/stage_labels.h"
#include "trace/expression.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <optional>

namespace whirlygig {
namespace {

struct NextTokens {
    Inset& inset;
    bool shares;                     // probabilities; otherwise logits
    std::vector<std::size_t> best;   // the columns that are computed, the largest number first
    std::optional<std::size_t> real; // what really comes next
};

// The columns of the row whose numbers are there already. Shares are divided all at the same time.
std::size_t computed_columns(const Inset& inset, bool shares) {
    const std::size_t columns = inset.stage.values.columns;
    if (shares || inset.moment.done) return columns;
    return inset.moment.column + (inset.moment.fraction >= 1 ? 1 : 0);
}

NextTokens read_tokens(Inset& inset) {
    NextTokens tokens{inset, inset.stage.operation == Operation::softmax, {}, {}};
    const std::size_t row = inset.moment.row;
    tokens.best.resize(computed_columns(inset, tokens.shares));
    std::iota(tokens.best.begin(), tokens.best.end(), std::size_t(0));
    std::stable_sort(tokens.best.begin(), tokens.best.end(), [&](std::size_t a, std::size_t b) {
        return inset.stage.values(row, a) > inset.stage.values(row, b);
    });
    const std::vector<int>& ids = inset.state.trace->ids;
    if (row + 1 < ids.size()) tokens.real = static_cast<std::size_t>(ids[row + 1]);
    return tokens;
}

std::string caption_of(const NextTokens& tokens) {
    const TracedText text = tokens.inset.state.traced_text();
    const std::string place = text.place(tokens.inset.moment.row);
    const std::string really =
        tokens.real ? fmt::format("Really: \"{}\".", text.token(static_cast<int>(*tokens.real)))
                    : "The text ends here.";
    if (tokens.shares) return fmt::format("What may come after {}, in percent. {}", place, really);
    if (tokens.best.empty()) return fmt::format("What fits after {}? No logit yet.", place);
    return fmt::format("What fits best after {}: the largest logits{}. {}", place,
                       tokens.inset.moment.done ? "" : " so far", really);
}

std::string number_of(const NextTokens& tokens, double value) {
    if (!tokens.shares) return number_text(value, 4);
    if (value > 0 && value < 0.0005) return "< 0.1 %";
    return fmt::format("{:.1f} %", 100 * value);
}

// How much of each bar is there: shares grow while the row is divided by its sum.
double grown(const NextTokens& tokens) {
    return tokens.shares ? phase(tokens.inset.moment.row_fraction, 2.0 / 3, 1) : 1;
}

void draw_token(const NextTokens& tokens, Box line, std::size_t column, const Scale& range) {
    Ink& ink = tokens.inset.ink;
    const Theme& theme = ink.theme;
    const double value = tokens.inset.stage.values(tokens.inset.moment.row, column);
    const bool real = tokens.real == column;
    const float upper = line.centre().y - theme.fonts.small->FontSize / 2;
    const float number_width = Ink::size_of(theme.fonts.tiny_digits, "−0000.00").x;
    const Box label = line.cut_left(std::min(theme.units(110), line.width() * 0.34F));
    const Box number = line.cut_right(number_width);
    line.cut_left(theme.units(8));
    line.cut_right(theme.units(6));
    ink.text_within(theme.fonts.small, {label.high.x, upper}, label.width(),
                    real ? theme.accent : theme.text,
                    tokens.inset.state.traced_text().token(static_cast<int>(column)), Align::right);
    Scale scale = range;
    scale.start = line.low.x;
    scale.end = line.high.x;
    const float end = scale.at(value * grown(tokens)), zero = scale.at(0);
    line.cut_top(line.height() * 0.18F);
    line.cut_bottom(line.height() * 0.22F);
    ink.rectangle({std::min(zero, end), line.low.y}, {std::max(zero, end), line.high.y},
                  real ? theme.accent : theme.faint, theme.units(2));
    if (grown(tokens) <= 0) return;
    const float middle = line.centre().y - theme.fonts.tiny_digits->FontSize / 2;
    ink.text_within(theme.fonts.tiny_digits, {number.high.x, middle}, number.width(), theme.text,
                    number_of(tokens, value), Align::right);
}

// The best ones that there is room for; the real next token takes the last line if it is not among
// them.
std::vector<std::size_t> shown_of(const NextTokens& tokens, std::size_t room) {
    std::vector<std::size_t> shown = tokens.best;
    shown.resize(std::min(shown.size(), room));
    if (shown.empty() || !tokens.real) return shown;
    const bool there = std::find(shown.begin(), shown.end(), *tokens.real) != shown.end();
    const bool computed =
        std::find(tokens.best.begin(), tokens.best.end(), *tokens.real) != tokens.best.end();
    if (computed && !there) shown.back() = *tokens.real;
    return shown;
}

} // namespace

void draw_next_tokens(Inset& inset) {
    const Theme& theme = inset.ink.theme;
    const NextTokens tokens = read_tokens(inset);
    Box box = below_caption(inset, caption_of(tokens));
    const float height = line_height(theme.fonts.small);
    auto room = static_cast<std::size_t>(std::max(0.0F, box.height() / height));
    room = std::min<std::size_t>(room, 12);
    if (tokens.best.size() > room && room > 1) --room; // for what is left out
    const std::vector<std::size_t> shown = shown_of(tokens, room);
    std::vector<double> values;
    values.reserve(shown.size());
    for (const std::size_t column : shown)
        values.push_back(inset.stage.values(inset.moment.row, column));
    const Scale range = range_with_zero(values);
    for (const std::size_t column : shown)
        draw_token(tokens, box.cut_top(height), column, range);
    if (shown.size() < tokens.best.size())
        write(inset.ink, box, {theme.fonts.small, theme.dim, 1},
              fmt::format("… and {} more tokens", tokens.best.size() - shown.size()));
}

} // namespace whirlygig
