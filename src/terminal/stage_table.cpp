#include "terminal/stage_table.h"

#include "terminal/stage_finder.h"
#include "terminal/stage_shapes.h"
#include "terminal/stage_words.h"
#include "terminal/text_layout.h"

#include <fmt/format.h>

#include <algorithm>

namespace whirlygig {

std::string stage_table(const Trace& trace, std::size_t width) {
    constexpr std::size_t narrowest_formula = 24;
    constexpr std::size_t number_width = 5;
    const std::vector<const Stage*> stages = stages_in_order(trace);
    std::size_t name_width = 0, shape_width = 0;
    for (const Stage* stage : stages) {
        name_width = std::max(name_width, columns_of(stage->name));
        shape_width = std::max(shape_width, columns_of(shape_text(*stage)));
    }
    const std::size_t indent = number_width + 2 + name_width + 2 + shape_width + 2;
    std::string text;
    for (std::size_t index = 0; index < stages.size(); ++index) {
        const Stage& stage = *stages[index];
        const std::string line = fmt::format("{:>{}}  {}  {}", index + 1, number_width,
                                             pad_right(stage.name, name_width),
                                             pad_right(shape_text(stage), shape_width));
        // Where there is no room beside the shape, the formula gets lines of its own.
        text += indent + narrowest_formula <= width
                    ? wrap(line + "  " + stage.formula, width, indent)
                    : wrap_arithmetic(fmt::format("{:>{}}  {} {}", index + 1, number_width,
                                                  stage.name, shape_text(stage)),
                                      width, number_width + 4) +
                          "\n" +
                          wrap(std::string(number_width + 2, ' ') + stage.formula, width,
                               number_width + 2);
        text += "\n";
    }
    const std::string missing = sentence_on_missing_part(trace.model->config);
    return missing.empty() ? text : text + wrap(missing, width) + "\n";
}

} // namespace whirlygig
