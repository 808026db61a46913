// The loss: how surprising the real next token was.
#include "stages/inset_parts.h"
#include "terminal/stage_labels.h"
#include "trace/explain.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace whirlygig {
namespace {

// The probability that the model gave to the token that really came next.
double probability_at(const Inset& inset, std::size_t place) {
    const auto target = static_cast<std::size_t>(inset.stage.ids.at(place));
    return inset.stage.made_from[0].numbers(place, target);
}

Plot draw_curve(Inset& inset, const Box& box) {
    const Theme& theme = inset.ink.theme;
    double most = 4;
    for (std::size_t place = 0; place < inset.stage.values.rows; ++place)
        most = std::max<double>(most, inset.stage.values(place, 0) * 1.1);
    const Plot plot = draw_axes(inset.ink, box, {.from = 0, .to = 1}, {.from = 0, .to = most});
    std::vector<ImVec2> points;
    constexpr int steps = 200;
    for (int step = 0; step <= steps; ++step) {
        // Even steps upwards: near p = 0 the curve is almost upright.
        const double loss = most * (steps - step) / steps;
        points.push_back(plot.at(std::exp(-loss), loss));
    }
    inset.ink.curve(points, theme.dim, theme.units(2));
    return plot;
}

void draw_points(Inset& inset, const Plot& plot) {
    const Theme& theme = inset.ink.theme;
    const Moment& moment = inset.moment;
    const std::size_t computed = moment.done ? inset.stage.values.rows : moment.row;
    for (std::size_t place = 0; place < computed; ++place) {
        const double probability = probability_at(inset, place),
                     loss = inset.stage.values(place, 0);
        inset.ink.circle(plot.at(probability, loss), theme.units(3), theme.faint);
    }
    const double probability = probability_at(inset, moment.row);
    const double loss = inset.stage.values(moment.row, 0);
    const auto up = static_cast<float>(phase(moment.fraction, 0, 0.5));
    const auto across = static_cast<float>(phase(moment.fraction, 0.5, 1));
    const ImVec2 from = plot.at(probability, 0), on = plot.at(probability, loss);
    const ImVec2 moving = {from.x, from.y + up * (on.y - from.y)};
    inset.ink.line(from, moving, theme.accent, theme.units(1.5F));
    if (across > 0)
        inset.ink.line(on, {on.x + across * (plot.area.low.x - on.x), on.y}, theme.accent,
                       theme.units(1.5F));
    inset.ink.circle(moving, theme.units(4.5F), theme.accent);
}

void write_words(Inset& inset, Box box) {
    const Theme& theme = inset.ink.theme;
    const Moment& moment = inset.moment;
    const TracedText text = inset.state.traced_text();
    const Writing words{theme.fonts.small, theme.dim, 2}, one{theme.fonts.small, theme.dim, 1};
    const Writing digits{theme.fonts.digits, theme.text, 1};
    write(inset.ink, box, words,
          fmt::format("After {} came \"{}\", which got the probability", text.place(moment.row),
                      text.token(inset.stage.ids.at(moment.row))));
    write(inset.ink, box, digits, number_text(probability_at(inset, moment.row), 4));
    if (moment.fraction < 0.5) return;
    box.cut_top(theme.units(3));
    const double loss = inset.stage.values(moment.row, 0);
    write(inset.ink, box, one, "so the loss, −log p, is");
    write(inset.ink, box, {theme.fonts.digits, theme.accent, 1}, number_text(loss, 4));
    box.cut_top(theme.units(3));
    write(inset.ink, box, words,
          fmt::format("as unsure as between {} equally likely {}", number_text(std::exp(loss), 2),
                      text.kind_of_tokens()));
}

// Once all losses are there: what they come to, in words, too.
std::string loss_caption(const Inset& inset) {
    const std::string axes = "Across: the probability p of the real next token; upwards: the "
                             "loss, −log p.";
    if (!inset.moment.done) return "The surprise at the real next token. " + axes;
    const double mean = mean_loss(*inset.state.trace);
    return fmt::format("The loss of the text is the mean of these {}: {}, as unsure as between "
                       "{:.1f} {}. {}",
                       inset.stage.values.rows, number_text(mean, 4), std::exp(mean),
                       inset.state.traced_text().kind_of_tokens(), axes);
}

} // namespace

void draw_loss(Inset& inset) {
    const Theme& theme = inset.ink.theme;
    Box box = below_caption(inset, loss_caption(inset));
    Box words = box.cut_right(std::max(theme.units(216), box.width() * 0.34F));
    words.cut_left(theme.units(16));
    const Plot plot = draw_curve(inset, box);
    draw_points(inset, plot);
    write_words(inset, words);
}

} // namespace whirlygig
