#include "scenes/row_notes.h"

#include "draw/axis_labels.h"
#include "stages/matrix_labels.h"
#include "terminal/stage_name.h"

#include <algorithm>

namespace whirlygig {

RowNotes::RowNotes(const State& state, Ink& ink, const ShownStage& shown)
    : state(state),
      ink(ink),
      theme(state.theme),
      stage(shown.stage),
      moment(shown.moment),
      arrangement(shown.arrangement),
      result(shown.arrangement.result),
      area(shown.area) {}

// Beside each row, smaller: what the whole model predicts for that place, whatever the stage.
// While a stage is being computed only its own rows may say so: those of the probabilities.
void RowNotes::draw() const {
    if (stage.rows != Axis::tokens) return;
    if (result.cell.y < theme.fonts.small->FontSize) return;
    if (is_gradient(stage.name)) return why_the_last_row_is_zero();
    const bool loss = stage.name == "loss";
    if (!moment.done && !loss && stage.name != "probabilities") return;
    const float x = result.high().x + theme.units(10);
    const float size = theme.fonts.small->FontSize;
    head(x, loss ? "what really" : "the model's", loss ? "came next" : "final guess");
    for (std::size_t row = 0; row < stage.values.rows; ++row) {
        if (!moment.done && row >= moment.row && !loss) break;
        const float y = result.low_of(row, 0).y + (result.cell.y - size) / 2;
        ink.text_within(theme.fonts.small, {x, y}, area.high.x - x, theme.faint,
                        loss ? "→ " + state.traced_text().token_at(row + 1)
                             : prediction_at(state, row));
    }
}

// Above the rows, on the right of what stands there, otherwise below them: where there is room.
void RowNotes::head(float x, const std::string& upper, const std::string& lower) const {
    const float size = theme.fonts.small->FontSize;
    const float width = std::max(Ink::size_of(theme.fonts.small, upper).x,
                                 Ink::size_of(theme.fonts.small, lower).x);
    // Not on the caption, nor on the column labels, which may lean out to the right.
    const float labels = result.high().x + margins_of(theme, result).right;
    const float beside =
        std::max({x, caption_box(theme, result).high.x + size, labels + size * 0.6F});
    const bool above = beside + width <= area.high.x;
    if (above) x = beside;
    const float y = above ? result.low.y - size * 2.7F : result.high().y + size * 0.3F;
    const bool inset_below =
        arrangement.inset.height() > 0 && arrangement.inset.low.y >= result.high().y;
    const float lowest = inset_below ? arrangement.inset.low.y : area.high.y;
    if (y + size * 2.2F > lowest) return;
    const float room = area.high.x - x;
    ink.text_within(theme.fonts.small, {x, y}, room, theme.faint, upper);
    ink.text_within(theme.fonts.small, {x, y + size * 1.2F}, room, theme.faint, lower);
}

// Beside the last row of a gradient, where there is room for it.
void RowNotes::why_the_last_row_is_zero() const {
    const std::size_t last = stage.values.rows - 1;
    if (!moment.done) return;
    for (std::size_t column = 0; column < stage.values.columns; ++column) {
        if (stage.values(last, column) != 0) return;
    }
    const std::string words = "no next word, so no gradient";
    const ImVec2 size = Ink::size_of(theme.fonts.small, words);
    const ImVec2 beside = {result.high().x + theme.units(10),
                           result.low_of(last, 0).y + (result.cell.y - size.y) / 2};
    const ImVec2 below = {result.low.x, result.high().y + theme.units(4)};
    for (const ImVec2 at : {beside, below}) {
        if (!is_free({at, {at.x + size.x, at.y + size.y}})) continue;
        ink.text(theme.fonts.small, at, theme.faint, words);
        return;
    }
}

// Within the area, apart from all matrices with their labels and from the inset.
bool RowNotes::is_free(const Box& box) const {
    const Box& inset = arrangement.inset;
    const float line = inset.height() > 0 ? 0 : theme.fonts.small->FontSize * 1.2F;
    if (box.low.x < area.low.x || box.high.x > area.high.x || box.high.y > area.high.y - line)
        return false;
    if (inset.height() > 0 && box.high.y > inset.low.y) return false;
    const auto apart = [&](const MatrixView& view) {
        const Margins margins = margins_of(theme, view);
        const ImVec2 low = {view.low.x - margins.left, view.low.y - margins.top};
        return box.high.x < low.x || box.low.x > view.high().x || box.high.y < low.y ||
               box.low.y > view.high().y;
    };
    return std::all_of(arrangement.operands.begin(), arrangement.operands.end(), apart) &&
           (!arrangement.companion || apart(*arrangement.companion));
}

} // namespace whirlygig
