// What the parts of the step view share; used by the sources step_*.cpp only.
#pragma once

#include "draw/chart.h"
#include "state.h"
#include "training/update_arithmetic.h"

#include <string>
#include <vector>

namespace whirlygig {

// The step that follows the shown snapshot, made when it is asked for the first time. Its record is
// empty when the step can't be made.
const RecordedStep& step_after_shown(Experiment& experiment);

// The five boxes: batch, forward, loss, backward, update. Each can be clicked.
float step_boxes_height(const Theme& theme, const StepRecord& record);
void draw_step_boxes(State& state, Ink& ink, const Box& box, const StepRecord& record);

// One number of a parameter.
struct ChosenNumber {
    NumberPlace place;
    CellRef cell;
};

// The pinned one, if it belongs to a parameter; otherwise the one with the largest gradient.
ChosenNumber chosen_number(const State& state, const StepRecord& record);

// Of this parameter the number with the largest gradient, and the one that the step moves most of
// all parameters.
ChosenNumber steepest_number(const StepRecord& record, std::size_t parameter);
ChosenNumber most_moved_number(const StepRecord& record);

// The chosen number's matrix, coloured by how far the step moves each of its numbers, and the
// number before and after. Its cells can be clicked.
float chosen_number_height(const Theme& theme, const StepRecord& record,
                           const ChosenNumber& chosen); // with cells as large as they get
void draw_chosen_number(State& state, Ink& ink, const Box& box, const StepRecord& record,
                        const ChosenNumber& chosen);

// How the number was moved, line by line: what, the formula, the numbers, the result.
class UpdateTable {
public:
    // Set as largely as fits into the room; `reserved` pixels of its height stay free.
    UpdateTable(const Theme& theme, const StepRecord& record, NumberPlace place, const Box& room,
                float reserved);

    float height() const; // in pixels
    void draw(State& state, Ink& ink, Box box) const;

private:
    struct Row {
        std::string what, formula, numbers, result, sentence;
        std::size_t sentence_lines = 0; // that it takes below its line
        bool stacked = false;           // the numbers stand below the formula
    };
    struct Columns {
        float what = 0, formula = 0, numbers = 0, result = 0; // widths
    };

    bool set(ImFont* chosen_font, bool with_sentences, float width);
    Columns natural_columns(bool all) const;
    float line() const;
    float height_of(const Row& row) const;
    void draw_header(Ink& ink, Box& box) const;
    void draw_row(Ink& ink, Box strip, const Row& row) const;

    const Theme& theme;
    std::vector<Row> rows;
    std::size_t heart = 0; // the row whose sentence is shown when there is room for one only
    ImFont* font = nullptr;
    bool sentences = false;
    Columns columns;
    float gap = 0;
};

// Why the optimiser does what the line does, for a newcomer.
std::string sentence_for(const StepRecord& record, UpdateRule rule);

} // namespace whirlygig
