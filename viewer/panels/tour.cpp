// The guided tour: one prediction in about a minute. Each step goes to a place and says one thing.
// What it says of numbers it reads from the trace.
#include "panels/panels.h"
#include "stages/matrix_labels.h"

#include <fmt/format.h>

#include <cmath>
#include <functional>
#include <vector>

namespace whirlygig {
namespace {

struct Stop {
    std::string text;
    std::function<void(State&)> go;
};

void go_to(State& state, const std::string& stage, std::optional<CellRef> cell) {
    const std::size_t number = state.timeline.stage_number(stage);
    show_stage(state, state.timeline.done(number), std::move(cell));
}

struct Look {
    std::size_t head = 0, row = 0, column = 0;
    double weight = 0;
};

// The strongest look of the last block that leaves the place it looks from, and is no look at the
// first token, which many heads give when they look for nothing.
Look strongest_look(const State& state) {
    const std::vector<HeadActivations>& heads =
        state.trace->activations.blocks.back().attention.heads;
    const std::size_t place = state.trace->ids.size() - 1;
    Look best; // a text of one token can only look at itself
    if (place == 0) best.weight = static_cast<double>(heads[0].attention_weights(0, 0));
    for (std::size_t head = 0; head < heads.size(); ++head) {
        const Matrix& map = heads[head].attention_weights;
        for (std::size_t column = place > 1 ? 1 : 0; column < place; ++column) {
            if (map(place, column) <= best.weight) continue;
            best = {head, place, column, static_cast<double>(map(place, column))};
        }
    }
    return best;
}

// The column of the largest number, without its sign, in a row of a stage.
std::size_t largest_column(const State& state, const std::string& stage, std::size_t row) {
    const Numbers numbers = *find_numbers(state, stage);
    std::size_t largest = 0;
    for (std::size_t column = 1; column < numbers.columns; ++column) {
        if (std::abs(numbers(row, column)) > std::abs(numbers(row, largest))) largest = column;
    }
    return largest;
}

// A stop at the largest number of a row of the stage.
Stop stop_at_row(const State& state, const std::string& text, const std::string& stage,
                 std::size_t row) {
    const CellRef cell = {stage, row, largest_column(state, stage, row)};
    return {text, [cell](State& s) { go_to(s, cell.matrix, cell); }};
}

Stop stop_at_cell(const std::string& text, const CellRef& cell) {
    return {text, [cell](State& s) { go_to(s, cell.matrix, cell); }};
}

// What a head does, from the queries to the mixed values.
void add_head_stops(const State& state, const Look& look, std::vector<Stop>& stops) {
    const TracedText text = state.traced_text();
    const std::string asker = text.token_at(look.row), asked = text.token_at(look.column);
    const std::size_t block = state.trace->activations.blocks.size() - 1;
    const std::string head = fmt::format("block.{}.head.{}.", block, look.head);
    stops.push_back(stop_at_row(
        state,
        fmt::format("Each place makes a query: what am I looking for? This is the row of numbers "
                    "with which “{}” asks; its largest is framed.",
                    asker),
        head + "queries", look.row));
    stops.push_back(stop_at_row(
        state,
        fmt::format("Each place also makes a key: what do I offer? This is that of “{}”.", asked),
        head + "keys", look.column));
    stops.push_back(stop_at_cell(
        fmt::format("A query and a key are compared number by number. Where both have the same "
                    "sign, the product adds to the score; where not, it takes away. Here “{}” "
                    "meets “{}”.",
                    asker, asked),
        {head + "scores", look.row, look.column}));
    const Config& config = state.folder.model->config;
    std::string between; // the scores and the attention weights
    if (config.without != Without::scale)
        between = fmt::format("The score is divided by √{} so that it stays moderate. ",
                              config.head_width());
    if (config.is_causal())
        between += "Hatched are the places that come later in the text: the mask takes them away, "
                   "nobody may look ahead.";
    stops.push_back(stop_at_cell(
        between, {head + (config.is_causal() ? "masked" : "scaled"), look.row, look.column}));
    stops.push_back(stop_at_cell(
        fmt::format("The softmax turns each row of scores into shares of one whole: “{}” gives "
                    "{:.0f} % of its attention to “{}”. A row looks at a column.",
                    asker, 100 * look.weight, asked),
        {head + "attention_weights", look.row, look.column}));
    stops.push_back(stop_at_row(
        state,
        fmt::format("Where a head looks is only half of it. This is what “{}” hands over to those "
                    "who look at it: its values.",
                    asked),
        head + "values", look.column));
    stops.push_back(stop_at_row(
        state,
        "The values are mixed in proportion to the attention weights. So the row now knows "
        "something of the places that it looked at.",
        head + "mixed", look.row));
}

std::vector<Stop> stops_of(const State& state) {
    const Look look = strongest_look(state);
    const std::string asker = state.traced_text().token_at(look.row);
    const Prediction next = most_probable_next(state, look.row);
    std::vector<Stop> stops;
    stops.push_back({fmt::format("The model reads tokens and predicts the next one. After “{}” it "
                                 "predicts “{}” ({:.1f} %). How did it know? Let us look.",
                                 asker, next.token, 100 * next.probability),
                     [](State& s) {
                         s.scene = Scene::model;
                         s.pinned.reset();
                     }});
    stops.push_back({fmt::format("Each token picks a row of learned numbers from a table. This row "
                                 "is all that the model knows of the token by itself. {}",
                                 words_for_colours(state.theme)),
                     [](State& s) { go_to(s, "embedding.tokens", std::nullopt); }});
    add_head_stops(state, look, stops);
    const Without without = state.folder.model->config.without;
    const bool usual = without != Without::residual && without != Without::mlp;
    stops.push_back(stop_at_row(
        state,
        fmt::format("{} in the end it is compared with every token of the vocabulary: the "
                    "probabilities of the next one.",
                    usual ? "What the heads found is added to the residual stream, the MLP thinks "
                            "about it, and"
                          : "What the heads found goes on, and"),
        "probabilities", look.row));
    const auto& tokenizer = state.folder.wording.tokenizer;
    const bool creatures = tokenizer && tokenizer->knows("fluffy") && tokenizer->knows("spiky");
    stops.push_back({fmt::format("Now prove it: change a token in the box above{} and see what the "
                                 "prediction becomes. Space plays all stages and goes on into the "
                                 "backward pass; ↓ takes finer steps; a click on any number tells "
                                 "where it comes from.",
                                 creatures ? " (fluffy to spiky, say)" : ""),
                     [](State& s) { s.pinned.reset(); }});
    return stops;
}

} // namespace

void draw_tour(State& state, Ink& ink) {
    const std::vector<Stop> stops = stops_of(state);
    const auto step = static_cast<std::size_t>(state.tour.step);
    if (step >= stops.size()) {
        end_tour(state);
        return;
    }
    if (state.tour.seconds == 0) {
        state.player.playing = false;
        stops[step].go(state);
    }
    const Theme& theme = state.theme;
    const ImVec2 low = ImGui::GetWindowPos();
    const float width = ImGui::GetWindowWidth();
    ink.frame(low, {low.x + width, low.y + ImGui::GetWindowHeight()}, theme.accent,
              theme.units(1.5F), theme.units(10));
    ink.text(theme.fonts.small, {low.x + theme.units(20), low.y + theme.units(12)}, theme.accent,
             fmt::format("Tour, {} of {}", step + 1, stops.size()));
    ink.paragraph(theme.fonts.text, {low.x + theme.units(20), low.y + theme.units(34)},
                  width - theme.units(40), theme.text, stops[step].text);
    const float line = theme.units(40), wide = width - theme.units(40);
    ImGui::SetCursorPos({theme.units(20), ImGui::GetWindowHeight() - 3 * line - theme.units(8)});
    const bool last = step + 1 == stops.size();
    if (button(state.controls, theme, last ? "Done##tour" : "Next##tour", {wide, 0}, Weight::strong,
               "")) {
        state.tour.step += 1;
        state.tour.seconds = 0;
        return;
    }
    ImGui::SetCursorPos({theme.units(20), ImGui::GetWindowHeight() - 2 * line - theme.units(8)});
    if (step > 0 && button(state.controls, theme, "Back##tour", {wide, 0}, Weight::plain, "")) {
        state.tour.step -= 1;
        state.tour.seconds = 0;
        return;
    }
    ImGui::SetCursorPos({theme.units(20), ImGui::GetWindowHeight() - line - theme.units(8)});
    if (button(state.controls, theme, "Skip##tour", {wide, 0}, Weight::plain,
               "It can be taken again with the button Tour")) {
        end_tour(state);
        return;
    }
    state.tour.seconds += static_cast<double>(ImGui::GetIO().DeltaTime);
}

} // namespace whirlygig
