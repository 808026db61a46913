// The guided tour: one prediction in about a minute. Each step goes to a place and says one thing.
// What it says of numbers it reads from the trace.
#include "panels/panels.h"
#include "stages/matrix_labels.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <vector>

namespace whirlygig {
namespace {

struct Stop {
    std::string text;
    std::function<void(State&)> go;
};

void go_to(State& state, const std::string& stage, std::optional<CellRef> cell) {
    state.scene = Scene::stages;
    state.time = state.timeline.done(state.timeline.stage_number(stage));
    state.pinned = std::move(cell);
}

struct Look {
    std::size_t head = 0, row = 0, column = 0;
    double weight = 0;
};

// The strongest look of the last block that leaves the place it looks from, and is no look at the
// first token, which many heads give when they look for nothing.
Look strongest_look(const State& state) {
    Look best;
    const std::vector<HeadActivations>& heads =
        state.trace->activations.blocks.back().attention.heads;
    const std::size_t place = state.trace->ids.size() >= 2 ? state.trace->ids.size() - 2 : 0;
    for (std::size_t head = 0; head < heads.size(); ++head) {
        const Matrix& map = heads[head].attention_weights;
        for (std::size_t column = place > 1 ? 1 : 0; column < place; ++column) {
            if (map(place, column) <= best.weight) continue;
            best = {head, place, column, static_cast<double>(map(place, column))};
        }
    }
    return best;
}

std::vector<Stop> stops_of(const State& state) {
    const TracedText text = state.traced_text();
    const Look look = strongest_look(state);
    const std::size_t block = state.trace->activations.blocks.size() - 1;
    const std::string head = fmt::format("block.{}.head.{}.", block, look.head);
    const std::string asker = text.token_at(look.row), asked = text.token_at(look.column);
    const CellRef cell = {"", look.row, look.column};
    const auto at = [cell](const std::string& matrix) {
        return CellRef{matrix, cell.row, cell.column};
    };
    std::vector<Stop> stops;
    stops.push_back({fmt::format("The model reads words and predicts the next one. After “{}” it "
                                 "says: {}. How did it know? Let us look.",
                                 asker, prediction_at(state, look.row)),
                     [](State& s) {
                         s.scene = Scene::model;
                         s.pinned.reset();
                     }});
    stops.push_back({"Each word picks a row of learned numbers from a table. This row is all that "
                     "the model knows of the word by itself.",
                     [](State& s) { go_to(s, "embedding.tokens", std::nullopt); }});
    stops.push_back({fmt::format("Each place makes a query: what am I looking for? This is the row "
                                 "of numbers with which “{}” asks.",
                                 asker),
                     [head, cell](State& s) {
                         go_to(s, head + "queries", CellRef{head + "queries", cell.row, 0});
                     }});
    stops.push_back({"Each place also makes a key: what can I answer to? A query and a key are "
                     "compared number by number, and the products are added up: the score.",
                     [head, at](State& s) { go_to(s, head + "scores", at(head + "scores")); }});
    stops.push_back({fmt::format("The softmax turns each row of scores into shares of one whole. "
                                 "Here “{}” gives {:.0f} % of its attention to “{}”. A row looks "
                                 "at a column.",
                                 asker, 100 * look.weight, asked),
                     [head, at](State& s) {
                         go_to(s, head + "attention_weights", at(head + "attention_weights"));
                     }});
    stops.push_back({"Where a head looks is only half of it: what it takes from there are the "
                     "values. They are mixed in proportion to the attention weights.",
                     [head, cell](State& s) {
                         go_to(s, head + "mixed", CellRef{head + "mixed", cell.row, 0});
                     }});
    stops.push_back({"What the heads found is added to the residual stream, and after the last "
                     "block compared with every word of the vocabulary. These are the "
                     "probabilities of the next word.",
                     [cell](State& s) {
                         go_to(s, "probabilities", CellRef{"probabilities", cell.row, 0});
                     }});
    stops.push_back({"Now prove it: change a word in the box above (fluffy to spiky, say) and see "
                     "what the prediction becomes. Press space to play all stages, ↓ for finer "
                     "steps, and click any number to see where it comes from.",
                     [](State&) {}});
    return stops;
}

void end_tour(State& state) {
    state.tour = {};
    state.settings.tour_seen = true;
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
    ImGui::SetCursorPos({theme.units(20), ImGui::GetWindowHeight() - theme.units(46)});
    const bool last = step + 1 == stops.size();
    if (button(state.controls, theme, last ? "Begin##tour" : "Next##tour", {theme.units(100), 0},
               Weight::strong, "")) {
        state.tour.step += 1;
        state.tour.seconds = 0;
        return;
    }
    ImGui::SameLine();
    if (step > 0 &&
        button(state.controls, theme, "Back##tour", {theme.units(90), 0}, Weight::plain, "")) {
        state.tour.step -= 1;
        state.tour.seconds = 0;
        return;
    }
    if (step > 0) ImGui::SameLine();
    if (button(state.controls, theme, "Skip##tour", {theme.units(90), 0}, Weight::plain,
               "It can be taken again with the button Tour")) {
        end_tour(state);
        return;
    }
    state.tour.seconds += static_cast<double>(ImGui::GetIO().DeltaTime);
}

} // namespace whirlygig
