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
        for (const Operand& operand : stage.made_from)
            arrangement.operands.push_back(view_of(state, operand, false));
        if (stage.operation != Operation::join) return;
        for (std::size_t head = 0; head < arrangement.operands.size(); ++head)
            arrangement.operands[head].caption.insert(0, fmt::format("head {}: ", head));
    }

    Arrangement arrange();

private:
    ImVec2 total(Form form, float cell);
    void place_row(Box room);
    void place_column(Box room);
    void label_columns_once();
    std::vector<AxisLabels> column_labels_of_all();
    void set_column_labels(const std::vector<AxisLabels>& labels);
    std::string sign_before(std::size_t index, std::size_t count) const;
    float gap_below() const { return theme.units(8); }
};

ImVec2 InLine::total(Form form, float cell) {
    set_cell(cell);
    ImVec2 sum = {0, 0};
    float left = 0;
    for (MatrixView* view : all()) {
        const Margins margins = margins_of(theme, *view);
        const float width = cell * static_cast<float>(view->drawn_columns()) + margins.right;
        const float height = margins.top + cell * static_cast<float>(view->drawn_rows());
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

void InLine::place_row(Box room) {
    const std::vector<MatrixView*> views = all();
    const ImVec2 needed = total(Form::row, views[0]->cell);
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
        const float middle = (views[0]->low.y + views[0]->high().y) / 2;
        if (!sign.empty()) arrangement.signs.push_back({sign, {x - gap_beside() / 2, middle}});
        x = view.high().x + margins.right + gap_beside();
    }
}

void InLine::place_column(Box room) {
    const std::vector<MatrixView*> views = all();
    const ImVec2 needed = total(Form::column, views[0]->cell);
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
        if (!sign.empty()) arrangement.signs.push_back({sign, {x - theme.units(16), middle}});
        y = view.high().y + gap_below();
    }
}

// Below each other, columns with the same labels need them only once.
void InLine::label_columns_once() {
    const std::vector<MatrixView*> views = all();
    for (std::size_t index = 1; index < views.size(); ++index) {
        if (views[index]->columns.labels == views[0]->columns.labels)
            views[index]->columns.labels.clear();
    }
}

std::vector<AxisLabels> InLine::column_labels_of_all() {
    std::vector<AxisLabels> labels;
    for (const MatrixView* view : all())
        labels.push_back(view->columns);
    return labels;
}

void InLine::set_column_labels(const std::vector<AxisLabels>& labels) {
    const std::vector<MatrixView*> views = all();
    for (std::size_t index = 0; index < views.size(); ++index)
        views[index]->columns = labels[index];
}

Arrangement InLine::arrange() {
    Box room = {area.low, {area.high.x, area.high.y - height_below()}};
    const auto fits = [&](Form form) {
        return [&, form](float cell) {
            const ImVec2 needed = total(form, cell);
            return needed.x <= room.width() && needed.y <= room.height();
        };
    };
    keep_companion_if(
        [&] { return std::max(largest_cell(fits(Form::row)), largest_cell(fits(Form::column))); },
        [&](float size) { return fits(Form::row)(size) || fits(Form::column)(size); });
    const float beside = largest_cell(fits(Form::row));
    const bool beside_fits = fits(Form::row)(beside);
    const std::vector<AxisLabels> labels = column_labels_of_all();
    label_columns_once();
    float stacked = largest_cell(fits(Form::column));
    const bool fits_above = beside_fits || fits(Form::column)(stacked);
    if (!fits_above) {
        room = area;
        stacked = largest_cell(fits(Form::column));
    }
    if (beside_fits && beside >= stacked) {
        set_column_labels(labels);
        set_cell(beside);
        place_row(room);
    } else {
        set_cell(stacked);
        place_column(room);
    }
    if (fits_above) arrangement.inset = inset_below();
    return std::move(arrangement);
}

} // namespace

Arrangement arrange_in_line(const State& state, const Stage& stage, Box area) {
    return InLine(state, stage, area).arrange();
}

} // namespace whirlygig
