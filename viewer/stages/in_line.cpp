#include "stages/arranger.h"

#include <fmt/format.h>

#include <algorithm>

namespace whirlygig {
namespace {

enum class Form { row, column };

class InLine : Arranger {
public:
    InLine(const State& state, const Stage& stage, Box area)
        : Arranger(state, stage, area) {
        for (std::size_t index = 0; index < stage.made_from.size(); ++index)
            arrangement.operands.push_back(operand(index, false));
        if (stage.operation != Operation::join) return;
        for (std::size_t head = 0; head < arrangement.operands.size(); ++head)
            arrangement.operands[head].caption.insert(0, fmt::format("head {}: ", head));
    }

    Arrangement arrange();

private:
    ImVec2 total(Form form, const CellSize& cell);
    void place_row(Box room, const CellSize& cell);
    void place_column(Box room, const CellSize& cell);
    void break_caption(Form form, MatrixView& view) const;
    void label_once(Form form);
    CellSize stack(const Fits& fits);
    void name_rows_beside();
    struct Labels {
        AxisLabels rows, columns;
    };
    std::vector<Labels> labels_of_all();
    void set_labels(const std::vector<Labels>& labels);
    std::string sign_before(std::size_t index, std::size_t count) const;
    float gap_below() const { return theme.units(area.height() < theme.units(450) ? 4 : 8); }
};

// Beside each other captions that are wider than the cells stand in two lines.
void InLine::break_caption(Form form, MatrixView& view) const {
    view.broken_caption = false;
    view.broken_caption = form == Form::row && margins_of(theme, view).right > 0;
}

ImVec2 InLine::total(Form form, const CellSize& cell) {
    set_cell(cell);
    ImVec2 sum = {0, 0};
    float left = 0;
    for (MatrixView* view : all()) {
        break_caption(form, *view);
        const Margins margins = margins_of(theme, *view);
        const float width =
            view->cell.x * static_cast<float>(view->drawn_columns()) + margins.right;
        const float height = margins.top + view->cell.y * static_cast<float>(view->drawn_rows());
        if (form == Form::row) {
            sum = {sum.x + margins.left + width + gap_beside(), std::max(sum.y, height)};
        } else {
            left = std::max(left, margins.left);
            sum = {std::max(sum.x, width), sum.y + height + gap_below()};
        }
    }
    return {sum.x + left + predictions, sum.y};
}

std::string InLine::sign_before(std::size_t index, std::size_t count) const {
    if (index == 0 || index == count) return ""; // the companion comes after the result
    if (index + 1 == count) return stage.operation == Operation::sum ? "=" : "→";
    return stage.operation == Operation::sum ? "+" : "";
}

void InLine::place_row(Box room, const CellSize& cell) {
    const std::vector<MatrixView*> views = all();
    const ImVec2 needed = total(Form::row, cell);
    float x = room.low.x + std::max(0.0F, (room.width() - needed.x) / 2);
    float top = 0; // the highest head
    for (MatrixView* view : views)
        top = std::max(top, margins_of(theme, *view).top);
    const float y = room.low.y + std::max(0.0F, (room.height() - needed.y) / 3) + top;
    for (std::size_t index = 0; index < views.size(); ++index) {
        MatrixView& view = *views[index];
        const Margins margins = margins_of(theme, view);
        view.low = {x + margins.left, y};
        const std::string sign = sign_before(index, arrangement.operands.size() + 1);
        const std::size_t rows = std::min(views[0]->drawn_rows(), view.drawn_rows());
        const float middle = y + view.cell.y * static_cast<float>(rows) / 2;
        if (!sign.empty()) arrangement.signs.push_back({sign, {x - gap_beside() / 2, middle}});
        x = view.high().x + margins.right + gap_beside();
    }
}

void InLine::place_column(Box room, const CellSize& cell) {
    const std::vector<MatrixView*> views = all();
    const ImVec2 needed = total(Form::column, cell);
    float left = 0; // the widest labels: the cells stand below each other
    for (MatrixView* view : views)
        left = std::max(left, margins_of(theme, *view).left);
    const float x = room.low.x + std::max(0.0F, (room.width() - needed.x) / 2) + left;
    float y = room.low.y + std::max(0.0F, (room.height() - needed.y) / 3);
    for (std::size_t index = 0; index < views.size(); ++index) {
        MatrixView& view = *views[index];
        view.low = {x, y + margins_of(theme, view).top};
        const std::string sign = sign_before(index, arrangement.operands.size() + 1);
        const float middle = y + theme.fonts.text->FontSize * 0.7F;
        if (!sign.empty() && !view.caption.empty())
            arrangement.signs.push_back({sign, {x - theme.units(16), middle}});
        y = view.high().y + gap_below();
    }
}

// Below each other, columns with the same labels need them only once; beside each other, rows.
void InLine::label_once(Form form) {
    const std::vector<MatrixView*> views = all();
    const auto axis = form == Form::row ? &MatrixView::rows : &MatrixView::columns;
    for (std::size_t index = 1; index < views.size(); ++index) {
        if ((views[index]->*axis).labels == (views[0]->*axis).labels)
            (views[index]->*axis).labels.clear();
    }
}

std::vector<InLine::Labels> InLine::labels_of_all() {
    std::vector<Labels> labels;
    for (const MatrixView* view : all())
        labels.push_back({view->rows, view->columns});
    return labels;
}

void InLine::set_labels(const std::vector<Labels>& labels) {
    const std::vector<MatrixView*> views = all();
    for (std::size_t index = 0; index < views.size(); ++index) {
        views[index]->rows = labels[index].rows;
        views[index]->columns = labels[index].columns;
    }
}

// A single row of parameters is named on its left where a line above it would cost too much.
void InLine::name_rows_beside() {
    for (std::size_t index = 1; index < arrangement.operands.size(); ++index) {
        MatrixView& view = arrangement.operands[index];
        if (view.drawn_rows() != 1 || !view.rows.labels.empty()) continue;
        const std::string note = view.note(theme);
        const std::string name = view.caption.substr(0, view.caption.rfind(" ("));
        view.rows.labels = {note.empty() ? name : fmt::format("{}  {}", name, note)};
        view.caption.clear();
        view.says_scale = false;
    }
}

// The largest cells below each other, so that each row of the text keeps its label.
CellSize InLine::stack(const Fits& fits) {
    const CellSize named_above = largest_cell(fits);
    if (named_above.few >= theme.units(15)) return named_above;
    name_rows_beside();
    return largest_cell(fits);
}

Arrangement InLine::arrange() {
    Box room = {area.low, {area.high.x, area.high.y - height_below()}};
    const auto fits = [&](Form form) {
        return [&, form](const CellSize& cell) {
            const ImVec2 needed = total(form, cell);
            return needed.x <= room.width() && needed.y <= room.height();
        };
    };
    keep_companion_if(
        [&] { return better(largest_cell(fits(Form::row)), largest_cell(fits(Form::column))); });
    const std::vector<Labels> labels = labels_of_all();
    label_once(Form::row);
    const std::vector<Labels> labels_beside = labels_of_all();
    const CellSize beside = largest_cell(fits(Form::row));
    set_labels(labels);
    label_once(Form::column);
    const bool row_wins = beside.few >= theme.units(15);
    CellSize stacked = row_wins ? largest_cell(fits(Form::column)) : stack(fits(Form::column));
    // Without an inset there is one line of arithmetic below.
    const bool fits_above = beside.few > 0 || stacked.few > 0;
    if (!fits_above) {
        room.high.y = area.high.y - theme.fonts.small->FontSize * 1.3F;
        stacked = stack(fits(Form::column));
    }
    if (beside.worth() > 0 && beside.worth() >= stacked.worth()) {
        set_labels(labels_beside);
        place_row(room, beside);
    } else {
        place_column(room, stacked.worth() > 0 ? stacked : least_cell());
    }
    if (fits_above) arrangement.inset = inset_below();
    return std::move(arrangement);
}

} // namespace

Arrangement arrange_in_line(const State& state, const Stage& stage, Box area) {
    return InLine(state, stage, area).arrange();
}

} // namespace whirlygig
