// A step as five boxes with arrows: what goes through the model, and what comes back.
#include "training/progress.h"
#include "training/step_parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace whirlygig {
namespace {

constexpr std::size_t most_texts = 3;

// The tokens that were read with the last one that was to be predicted, where it still fits.
std::string text_of(const State& state, const Example& example) {
    std::vector<int> ids = example.ids;
    if (!example.targets.empty() && ids.size() < state.folder.model->config.context)
        ids.push_back(example.targets.back());
    return state.folder.wording.text(ids);
}

// To the text's pass in the scene of stages, at the first stage whose name begins so.
void go_to_pass(State& state, const Example& example, const std::string& beginning) {
    show_text(state, text_of(state, example));
    if (!state.text.complaint.empty()) {
        state.message = state.text.complaint;
        return;
    }
    state.time = state.timeline.start();
    for (std::size_t number = state.timeline.stages.size(); number-- > 0;) {
        if (state.timeline.stages[number]->name.starts_with(beginning)) state.time = {number, 0};
    }
    state.player.playing = state.player.fresh = false;
    state.scene = Scene::stages;
}

// Where all targets count the same, both losses are one number.
bool is_weighted(const StepRecord& record) {
    return std::abs(record.loss.weighted - record.loss.mean) > 1e-6;
}

class StepBoxes {
public:
    StepBoxes(State& state, Ink& ink, const StepRecord& record)
        : state(state),
          ink(ink),
          theme(ink.theme),
          record(record) {}

    void draw(Box box) {
        constexpr std::array<float, 5> shares{1.35F, 1, 1, 1, 1};
        const float arrow = theme.units(20);
        const float unit = (box.width() - 4 * arrow) / 5.35F;
        for (std::size_t number = 0; number < shares.size(); ++number) {
            const Box part = box.cut_left(unit * shares[number]);
            draw_box(number, part);
            const Box between = box.cut_left(arrow);
            if (number + 1 == shares.size()) break;
            ink.arrow({between.low.x + theme.units(3), between.centre().y},
                      {between.high.x - theme.units(3), between.centre().y}, theme.dim);
        }
    }

private:
    void draw_box(std::size_t number, const Box& box) {
        constexpr std::array<const char*, 5> titles{"1 Batch", "2 Forward", "3 Loss", "4 Backward",
                                                    "5 Update"};
        const Pointer pointer = area(state.controls, titles[number], box.low, box.high);
        const float rounding = theme.units(8);
        ink.rectangle(box.low, box.high, theme.empty_cell, rounding);
        if (pointer.hovered)
            ink.frame(box.low, box.high, theme.accent, theme.units(1.5F), rounding);
        Box inside{{box.low.x + theme.units(10), box.low.y + theme.units(7)},
                   {box.high.x - theme.units(8), box.high.y - theme.units(6)}};
        write(ink, inside, {theme.fonts.text, theme.accent, 1}, titles[number]);
        inside.cut_top(theme.units(2));
        switch (number) {
        case 0:
            return batch(inside, pointer.clicked);
        case 1:
            return forward(inside, pointer.clicked);
        case 2:
            return loss(inside, pointer.clicked);
        case 3:
            return backward(inside, pointer.clicked);
        default:
            return update(inside, pointer.clicked);
        }
    }

    void say(Box& box, std::size_t lines, const std::string& words) {
        write(ink, box, {theme.fonts.small, theme.dim, lines}, words);
    }

    void batch(Box box, bool clicked) {
        say(box, 1, fmt::format("{} texts, {} tokens", record.batch.size(), record.tokens));
        const float height = line_height(theme.fonts.small) + theme.units(3);
        for (std::size_t text = 0; text < std::min(record.batch.size(), most_texts); ++text) {
            if (box.height() < height) break;
            const Box line = box.cut_top(height);
            std::string words = text_of(state, record.batch[text]);
            std::replace(words.begin(), words.end(), '\n', ' '); // it has one line here
            const Pointer pointer = area(state.controls, fmt::format("Batch text {}", text + 1),
                                         line.low, line.high, words);
            ink.text_within(theme.fonts.small, {line.low.x, line.low.y + theme.units(2)},
                            line.width(), pointer.hovered ? theme.accent : theme.text, words);
            if (!pointer.clicked) continue;
            return go_to_pass(state, record.batch[text], "embedding.");
        }
        if (clicked) go_to_pass(state, record.batch.front(), "embedding.");
    }

    void forward(Box box, bool clicked) {
        say(box, 5,
            fmt::format("At {} places the model says how probable each next token is.",
                        record.tokens));
        if (clicked) go_to_pass(state, record.batch.front(), "embedding.");
    }

    void loss(Box box, bool clicked) {
        const BatchLoss& loss = record.loss;
        write(ink, box, {theme.fonts.large, theme.text, 1}, number_text(loss.mean, 4));
        if (is_weighted(record))
            say(box, 1, fmt::format("weighted {}", number_text(loss.weighted, 4)));
        say(box, 4, loss_in_words(loss.mean));
        if (clicked) go_to_pass(state, record.batch.front(), "loss");
    }

    void backward(Box box, bool clicked) {
        write(ink, box, {theme.fonts.large, theme.text, 1}, number_text(record.gradient_norm, 4));
        const std::string limit = number_text(record.clip, 3);
        if (record.clip <= 0) {
            say(box, 4, "is the gradient's length. This run never clips.");
        } else if (record.clip_factor < 1) {
            say(box, 4,
                fmt::format("is the gradient's length. Over {}: clipped, times {}.", limit,
                            number_text(record.clip_factor, 4)));
        } else {
            say(box, 4, fmt::format("is the gradient's length. Within {}: not clipped.", limit));
        }
        if (clicked) go_to_pass(state, record.batch.front(), "gradient.");
    }

    void update(Box box, bool clicked) {
        write(ink, box, {theme.fonts.text, theme.text, 1}, words_for(record.optimizer.kind));
        say(box, 5,
            fmt::format("moves all {} numbers, at the rate {}: so much the schedule leaves of the "
                        "run's rate in this step.",
                        count_parameters(state.folder.model->config),
                        number_text(record.learning_rate, 3)));
        if (clicked) state.pinned = most_moved_number(record).cell;
    }

    State& state;
    Ink& ink;
    const Theme& theme;
    const StepRecord& record;
};

} // namespace

float step_boxes_height(const Theme& theme, const StepRecord& record) {
    const float lines = is_weighted(record) ? 5 : 4; // below the loss
    return theme.units(15) + line_height(theme.fonts.text) + line_height(theme.fonts.large) +
           lines * line_height(theme.fonts.small);
}

void draw_step_boxes(State& state, Ink& ink, const Box& box, const StepRecord& record) {
    StepBoxes(state, ink, record).draw(box);
}

} // namespace whirlygig
