#include "terminal/stage_text.h"

#include "error.h"
#include "parameters.h"
#include "terminal/cell_colour.h"
#include "terminal/stage_finder.h"
#include "terminal/stage_name.h"
#include "terminal/stage_reading.h"
#include "terminal/stage_shapes.h"
#include "terminal/stage_words.h"
#include "terminal/text_layout.h"

#include <algorithm>
#include <numeric>
#include <set>

namespace whirlygig {
namespace {

constexpr std::size_t long_vocabulary = 60;
constexpr std::size_t top_tokens = 10;
constexpr std::size_t many_numbers = 10'000;
constexpr std::size_t most_rows = 24;
constexpr std::size_t most_bands = 4;
constexpr std::size_t most_operands = 6;

bool is_shortened(const Stage& stage, Amount amount) {
    if (amount == Amount::everything) return false;
    return amount == Amount::beginning || stage.values.rows * stage.values.columns > many_numbers;
}

std::string heading(const TracedText& text, const Stage& stage, std::size_t number,
                    const TextStyle& style) {
    const std::size_t count = stages_in_order(text.trace).size();
    const std::string title = wrap(stage.title, style.width);
    return wrap(fmt::format("Stage {} of {}: {}", number, count, stage.name), style.width, 2) +
           "\n" + bold(title, style.colours) + "\n" + wrap(sentence_about(stage), style.width) +
           "\n";
}

std::string formula_lines(const Stage& stage, std::size_t width) {
    const std::string formula = "  " + stage.formula;
    const std::string shapes = shape_formula(stage);
    if (columns_of(formula) + 3 + columns_of(shapes) <= width)
        return formula + "   " + shapes + "\n";
    return wrap_arithmetic(formula, width, 4) + "\n" + wrap_arithmetic("  " + shapes, width, 4) +
           "\n";
}

// The list of what the stage is made from, each with the number of its stage.
std::string operand_lines(const TracedText& text, const Stage& stage, std::size_t width) {
    std::string lines;
    const std::size_t shown = std::min(stage.made_from.size(), most_operands);
    for (std::size_t index = 0; index < shown; ++index) {
        const Operand& operand = stage.made_from[index];
        const auto number = stage_number(text.trace, operand.name);
        const std::string kind =
            number ? fmt::format("stage {}:", *number) : std::string("parameter:");
        const std::string start = index == 0 ? "  made from " : "            ";
        lines += wrap_arithmetic(
                     fmt::format("{}{} {} {}", start, kind, operand.name, shape_text(operand)),
                     width, 14) +
                 "\n";
    }
    if (shown < stage.made_from.size()) {
        lines +=
            fmt::format("            and {} more like these\n", stage.made_from.size() - shown);
    }
    return lines;
}

// Of a table's gradient, only the rows that the text has looked up can be other than 0.
std::vector<std::size_t> rows_to_show(const Stage& stage, bool shortened) {
    std::vector<std::size_t> rows(stage.values.rows);
    std::iota(rows.begin(), rows.end(), std::size_t(0));
    if (!shortened || rows.size() <= most_rows) return rows;
    if (stage.operation == Operation::lookup_backward) {
        const std::set<int> used(stage.ids.begin(), stage.ids.end());
        rows.assign(used.begin(), used.end());
    }
    rows.resize(std::min(rows.size(), most_rows));
    return rows;
}

MatrixPicture picture_of(const TracedText& text, const Stage& stage, const TextStyle& style) {
    const bool shortened = is_shortened(stage, style.amount);
    MatrixPicture picture{
        .numbers = stage.values, .rows = rows_to_show(stage, shortened), .digits = style.digits};
    for (const std::size_t row : picture.rows)
        picture.row_labels.push_back(row_label(text, stage, row));
    // Four bands never have more columns than half the terminal's width, four times.
    const std::size_t columns =
        shortened ? std::min(stage.values.columns, most_bands * style.width) : stage.values.columns;
    for (std::size_t column = 0; column < columns; ++column)
        picture.column_labels.push_back(column_label(text, stage, column));
    const StageName name = parse_stage_name(stage.name);
    if (is_attention_map(name)) picture.axes = "row looks at column; ";
    if (has_masked_cells(text, stage))
        picture.masked = [](std::size_t row, std::size_t column) { return column > row; };
    picture.shading = stage.operation == Operation::softmax         ? Shading::of_whole
                      : stage.operation == Operation::cross_entropy ? Shading::none
                                                                    : Shading::around_zero;
    if (shortened) picture.column_labels.resize(columns_in_bands(picture, style.width, most_bands));
    return picture;
}

std::string left_out(const Stage& stage, const MatrixPicture& picture, const TextStyle& style) {
    const std::size_t rows = picture.rows.size(), columns = picture.column_labels.size();
    if (rows == stage.values.rows && columns == stage.values.columns) return "";
    const bool zeros = stage.operation == Operation::lookup_backward && rows < stage.values.rows;
    return wrap(fmt::format("Shown: {} of {} rows and {} of {} columns{}. {}", rows,
                            stage.values.rows, columns, stage.values.columns,
                            zeros ? " (rows that the text does not use are 0)" : "",
                            style.how_to_see_all),
                style.width) +
           "\n";
}

std::string numbers_of_stage(const TracedText& text, const Stage& stage, const TextStyle& style) {
    const bool only_top = style.amount != Amount::everything && stage.columns == Axis::vocabulary &&
                          stage.values.columns > long_vocabulary;
    if (only_top) {
        const std::size_t rows = is_shortened(stage, style.amount) ? most_rows : stage.values.rows;
        const bool gradient = parse_stage_name(stage.name).gradient;
        return wrap(fmt::format("The {} {} of the {} numbers of each row{}. {}", top_tokens,
                                gradient ? "furthest from 0" : "largest", stage.values.columns,
                                rows < stage.values.rows
                                    ? fmt::format(", for the first {} rows", rows)
                                    : "",
                                style.how_to_see_all),
                    style.width) +
               "\n" + largest_of_each_row(text, stage, top_tokens, style.width, rows, style.digits);
    }
    const MatrixPicture picture = picture_of(text, stage, style);
    std::string result = wrap(axes_sentence(stage), style.width) + "\n\n";
    result += matrix_text(picture, style.width, style.colours);
    if (picture.masked)
        result += wrap("· is behind the mask: the key comes after the query.", style.width) + "\n";
    return result + left_out(stage, picture, style);
}

} // namespace

std::string stage_text(const TracedText& text, std::size_t number, const TextStyle& style) {
    const std::vector<const Stage*> stages = stages_in_order(text.trace);
    if (number < 1 || number > stages.size())
        fail("there is no stage {}: the stages go from 1 to {}", number, stages.size());
    const Stage& stage = *stages[number - 1];
    const std::size_t rows = is_shortened(stage, style.amount) ? most_rows : stage.values.rows;
    std::string result = heading(text, stage, number, style) + "\n";
    result += formula_lines(stage, style.width) + operand_lines(text, stage, style.width) + "\n";
    result += numbers_of_stage(text, stage, style);
    const std::string reading = reading_of(text, stage, style.width, rows, style.digits);
    if (!reading.empty()) result += "\n" + reading;
    return result;
}

std::string introduction(const TracedText& text, const TextStyle& style) {
    const Config& config = text.trace.model->config;
    std::string tokens;
    for (std::size_t place = 0; place < text.trace.ids.size(); ++place)
        tokens += fmt::format("{}{} {}", place == 0 ? "" : " · ", place, text.token_at(place));
    std::string result = wrap("The tokens of the text and their places: " + tokens, style.width, 2);
    result += "\n" +
              wrap(fmt::format("The model's sizes: blocks {}, heads in each {}, width {}, head "
                               "width {}, hidden width {}, vocabulary {}; parameters {}.",
                               config.layers, config.heads, config.width, config.head_width(),
                               config.hidden, config.vocabulary, count_parameters(config)),
                   style.width) +
              "\n";
    const std::string missing = sentence_on_missing_part(config);
    if (!missing.empty()) result += wrap(missing, style.width) + "\n";
    std::string legend =
        "Rows, columns, places, blocks and heads count from 0. A shape like "
        "(5, 16) means 5 rows and 16 columns. 0 is exactly zero; 0.000 is a number that "
        "is too small for these digits.";
    if (style.colours != Colours::none) {
        legend += " Behind the numbers, orange means above 0 and blue below 0, the stronger the "
                  "further; violet is a share of 1.";
    }
    return result + wrap(legend, style.width) + "\n";
}

} // namespace whirlygig
