#include "scenes/model_diagram.h"

#include "terminal/stage_name.h"

#include <fmt/format.h>

#include <algorithm>

namespace whirlygig {
namespace {

// The part at which a stage is computed: for the gradient by a parameter, the first stage that uses
// the parameter.
std::string part_of(const Timeline& timeline, const Stage& stage) {
    std::string name(without_gradient(stage.name));
    if (timeline.find(name)) return name;
    for (const Stage* other : timeline.stages) {
        if (reads(*other, name)) return other->name;
    }
    return name;
}

// The block that the picture should open.
std::size_t block_of(const Config& config, const std::string& part) {
    const StageName name = parse_stage_name(part);
    if (name.block) return *name.block;
    return name.role.starts_with("embedding.") ? 0 : config.layers - 1;
}

} // namespace

std::string first_stage(const Config& config, std::size_t block) {
    const bool has_norm = config.without != Without::norm;
    return fmt::format("block.{}.{}", block, has_norm ? "attention.norm" : "head.0.queries");
}

ModelDiagram::ModelDiagram(const State& state, Box area)
    : state(state),
      area(area),
      moment(state.moment()),
      backward(is_gradient(moment.stage->name)),
      current(part_of(state.timeline, *moment.stage)) {
    const Config& config = state.folder.model->config;
    ModelArea size;
    size.width = area.width() / state.theme.scale;
    size.height = area.height() / state.theme.scale;
    size.has_loss = !state.trace->activations.targets.empty();
    size.open_block = block_of(config, current);
    layout = lay_out_model(config, size);
    const std::size_t forward = state.trace->forward_stages.size();
    const std::size_t first = backward ? forward : 0;
    const std::size_t end = backward ? state.timeline.stages.size() : forward;
    for (std::size_t number = first; number < end; ++number)
        numbers.emplace(without_gradient(state.timeline.stages[number]->name), number);
}

ImVec2 ModelDiagram::pixels(ImVec2 units) const {
    const Theme& theme = state.theme;
    return {area.low.x + theme.units(units.x), area.low.y + theme.units(units.y)};
}

const Stage& ModelDiagram::stage_of(const std::string& part) const {
    return *state.timeline.stages[number_of(part)];
}

bool ModelDiagram::is_computed(const std::string& part) const {
    const std::size_t number = number_of(part);
    return number < state.time.stage || (number == state.time.stage && moment.done);
}

PartProgress ModelDiagram::progress_of(const std::string& part) const {
    PartProgress progress;
    progress.computed = is_computed(part);
    progress.current = part == current;
    progress.hovered = part == hovered;
    const Numbers& values = moment.stage->values;
    const double share = state.time.cells / static_cast<double>(values.rows * values.columns);
    if (progress.current) progress.share = std::clamp(share, 0.0, 1.0);
    return progress;
}

std::string ModelDiagram::entrance_of(const FoldedBlocks& blocks) const {
    const Config& config = state.folder.model->config;
    return backward ? stream_name(config, blocks.target + 1) : first_stage(config, blocks.target);
}

} // namespace whirlygig
