// The controls of a run: what the next one will be, going and stopping, forks, files.
#include "training/training_views.h"

#include "error.h"
#include "panels/panels.h"

#include <fmt/format.h>

#include <cmath>

namespace whirlygig {
namespace {

class TrainingPanel {
public:
    TrainingPanel(State& state, Ink& ink)
        : state(state),
          ink(ink),
          theme(state.theme),
          experiment(state.experiment),
          width(ImGui::GetContentRegionAvail().x - theme.units(24)) {}

    void draw() {
        heading("Go");
        going();
        heading("Next run, or fork");
        corpus();
        optimizer();
        sizes();
        beginning();
        heading("From this step");
        turning_back();
        heading("Files");
        files();
    }

private:
    void next_line(float height) {
        y += theme.units(height);
        ImGui::SetCursorPos({theme.units(12), y});
    }

    void heading(const char* words) {
        next_line(y == 0 ? 8 : 36);
        ink.text(theme.fonts.small, ImGui::GetCursorScreenPos(), theme.faint, words);
        next_line(20);
    }

    bool wide_button(const char* label, const char* tip, Weight weight = Weight::plain,
                     float share = 1) {
        const float gap = share < 1 ? theme.units(3) : 0;
        return button(state.controls, theme, label,
                      {width * share - gap, control_height(theme) - theme.units(2)}, weight, tip);
    }

    void going() {
        const bool training = experiment.live && experiment.live->training();
        if (wide_button(training ? "Pause###Train" : "▶ Train###Train",
                        "Train the run that is looked at, or pause (space); without a run a new "
                        "one begins",
                        Weight::strong, 0.58F))
            train_or_pause(state);
        ImGui::SameLine(0, theme.units(6));
        if (wide_button("One step", "One step of training (→)", Weight::plain, 0.42F))
            make_one_step(state);
        next_line(36);
        text_box(state.controls, theme, "until step##goal", experiment.goal_step, width * 0.48F,
                 "Stop at this step; empty: the recipe's number of steps");
        ImGui::SameLine(0, theme.units(6));
        text_box(state.controls, theme, "until loss##goal", experiment.goal_loss, width * 0.48F,
                 "Stop when the held-out loss is as low as this");
        next_line(36);
        if (slider(state.controls, theme, "pace", experiment.pace, {0, 100}, width * 0.5F,
                   experiment.pace <= 0 ? "full" : "%.0f/s",
                   "How many steps a second it may make, so that one can watch")) {
            experiment.pace = std::round(experiment.pace);
            if (experiment.live) experiment.live->set_pace(static_cast<double>(experiment.pace));
        }
    }

    void corpus() {
        int chosen = experiment.choices.corpus;
        const std::string name = experiment.corpora.empty()
                                     ? "none"
                                     : experiment.corpora.at(static_cast<std::size_t>(chosen));
        if (wide_button(fmt::format("corpus: {}###Corpus", name).c_str(),
                        "What the next run learns from; press for the next corpus") &&
            !experiment.corpora.empty()) {
            chosen = (chosen + 1) % static_cast<int>(experiment.corpora.size());
            try {
                choose_corpus(experiment, chosen);
            } catch (const Error& error) {
                state.message = error.what();
            }
        }
    }

    void optimizer() {
        next_line(34);
        OptimizerKind& kind = experiment.choices.recipe.optimizer.kind;
        if (wide_button(fmt::format("by {}###Optimiser", words_for(kind)).c_str(),
                        "How the gradient moves the parameters; press for the next way")) {
            kind = static_cast<OptimizerKind>((static_cast<int>(kind) + 1) % 4);
        }
        next_line(34);
        auto rate = static_cast<float>(experiment.choices.recipe.learning_rate);
        if (slider(state.controls, theme, "rate", rate, {0.0001F, 1, true}, width * 0.5F, "%.4f",
                   "The learning rate: how far a step goes"))
            experiment.choices.recipe.learning_rate = static_cast<double>(rate);
    }

    // Sizes double from one place of the slider to the next.
    void size(const char* label, std::size_t& number, std::size_t least, int places,
              const char* tip) {
        next_line(34);
        auto power =
            static_cast<float>(std::log2(static_cast<double>(number) / static_cast<double>(least)));
        const std::string words = fmt::format("{}", number);
        if (slider(state.controls, theme, label, power, {0, static_cast<float>(places)},
                   width * 0.5F, words.c_str(), tip))
            number = least << static_cast<int>(std::round(power));
    }

    void sizes() {
        Recipe& recipe = experiment.choices.recipe;
        size("layers", recipe.layers, 1, 2, "How many blocks");
        size("heads", recipe.heads, 1, 3, "How many heads in each block");
        size("width", recipe.width, 8, 4, "How many numbers stand for one token");
        size("batch", recipe.batch, 4, 5, "How many texts each step reads");
    }

    void beginning() {
        Recipe& recipe = experiment.choices.recipe;
        next_line(34);
        bool readable = recipe.initialization == Initialization::readable;
        if (toggle(state.controls, theme, "readable start", readable,
                   "Begin with random numbers that let heads become readable; off: GPT-2's"))
            recipe.initialization = readable ? Initialization::readable : Initialization::gpt2;
        next_line(34);
        const ImVec2 at = ImGui::GetCursorScreenPos();
        const float words = Ink::size_of(theme.fonts.small, "seed").x + theme.units(6);
        ink.text(theme.fonts.small,
                 {at.x, at.y + (control_height(theme) - theme.fonts.small->FontSize) / 2},
                 theme.dim, "seed");
        ImGui::SetCursorScreenPos({at.x + words, at.y});
        text_box(state.controls, theme, "seed##seed", experiment.choices.seed, width * 0.4F - words,
                 "The seed of all random numbers");
        ImGui::SameLine(0, theme.units(6));
        if (wide_button("New run", "Begin a run with these choices", Weight::plain, 0.58F))
            begin_run(state);
        next_line(34);
        if (wide_button("Descent and Adam",
                        "Two runs from the same start, plain gradient descent and Adam"))
            begin_both(state);
    }

    void turning_back() {
        if (wide_button("Fork here",
                        "Another run from this step on, with the rate and the "
                        "optimiser chosen above",
                        Weight::plain, 0.5F))
            fork_here(state);
        ImGui::SameLine(0, theme.units(6));
        if (wide_button("Go back###Go back here",
                        "Forget what came after this step; trained again, the same comes again",
                        Weight::plain, 0.5F))
            rewind_to_here(state);
        next_line(34);
        if (wide_button("Newest", "Follow the newest step", Weight::plain, 0.5F))
            go_to_step(state, std::nullopt);
    }

    void files() {
        text_box(state.controls, theme, "folder##files", experiment.folder, width,
                 "The folder that runs are saved in and loaded from");
        next_line(34);
        if (wide_button("Save", "Save the newest step as whirlygig train does", Weight::plain,
                        0.33F))
            save_run(state);
        ImGui::SameLine(0, theme.units(4));
        if (wide_button("Load", "Go on with a saved run", Weight::plain, 0.33F)) load_run(state);
        ImGui::SameLine(0, theme.units(4));
        if (wide_button("CSV", "Write the losses of all runs as curves.csv", Weight::plain, 0.32F))
            export_curves(state);
        next_line(40);
        ImGui::Dummy({1, 1});
    }

    State& state;
    Ink& ink;
    const Theme& theme;
    Experiment& experiment;
    float width;
    float y = 0;
};

} // namespace

void draw_training_panel(State& state, Ink& ink) {
    TrainingPanel(state, ink).draw();
}

} // namespace whirlygig
