// The heads of a block side by side, each with its small stages.
#include "scenes/model_layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace whirlygig {
namespace {

constexpr float gap = 8;
constexpr float padding = 7;
constexpr float tile_title_height = 17;
constexpr float title_width = 48;                     // where the title stands on the left
constexpr float least_width = 234, least_height = 72; // for names in the chips
constexpr float least_low_height = 54;                // with the title on the left
constexpr float caption_height = 30;
constexpr float small_width = 84, small_height = 48; // below, only the attention map is shown

bool has_names(ImVec2 tile) {
    return tile.x >= least_width &&
           (tile.y >= least_height ||
            (tile.y >= least_low_height && tile.x >= least_width + title_width));
}

// How well a head can be read in a tile of this size.
float worth_of(ImVec2 tile) {
    const float names = has_names(tile) ? 1000 : 0;
    return names + std::min(tile.x / 2.2F, tile.y);
}

ImVec2 tile_size(const Box& room, std::size_t columns, std::size_t rows) {
    const auto across = static_cast<float>(columns), down = static_cast<float>(rows);
    constexpr float most_width = 600, most_height = 300;
    return {std::min((room.width() - gap * (across - 1)) / across, most_width),
            std::min((room.height() - gap * (down - 1)) / down, most_height)};
}

std::size_t best_columns(const Box& room, std::size_t heads) {
    std::size_t best = 1;
    float most = -1;
    for (std::size_t columns = 1; columns <= heads; ++columns) {
        const std::size_t rows = (heads + columns - 1) / columns;
        const float worth = worth_of(tile_size(room, columns, rows));
        if (worth <= most) continue;
        most = worth;
        best = columns;
    }
    return best;
}

// The stages of one head within its tile.
class HeadParts {
public:
    HeadParts(std::string name, Box inner, ModelLayout& layout, bool named, Mask mask)
        : name(std::move(name)),
          inner(inner),
          layout(layout),
          named(named),
          mask(mask) {
        if (mask != Mask::causal_unscaled) score_roles.push_back("scaled");
        if (mask != Mask::none) score_roles.push_back("masked");
    }

    void place() {
        const float foot = 8; // for the way of the values below everything else
        inner.high.y -= foot;
        const float space = named ? 12 : std::max(inner.width() * 0.03F, 3.0F);
        const bool caption = named && inner.height() >= caption_height + 56;
        const float most_map = inner.height() - (caption ? caption_height : 0);
        const float least_chip = named ? 54 : std::max(inner.width() * 0.1F, 5.0F);
        const float map = std::min({most_map, inner.width() - 3 * (least_chip + space),
                                    named ? inner.width() * 0.4F : most_map});
        const float map_room = caption ? std::max(map, 56.0F) : map;
        const float most_chip = named ? 118 : 34;
        const float chip = std::min((inner.width() - map_room - 3 * space) / 3, most_chip);
        const float used = 3 * (chip + space) + map_room;
        float x = inner.low.x + std::max(0.0F, (inner.width() - used) / 2);
        column({"queries", "keys", "values"}, x, chip);
        column(score_roles, x + chip + space, chip);
        place_map(x + 2 * (chip + space), map_room, map, caption);
        x += 2 * (chip + space) + map_room + space;
        const float height = std::min(chip_height(), inner.height());
        const float middle = map_middle;
        add("mixed", {{x, middle - height / 2}, {x + chip, middle + height / 2}},
            named ? PartShape::chip : PartShape::mark);
        wires(foot);
    }

private:
    float chip_height() const {
        const float most = named ? 34 : 22;
        return std::min((inner.height() - 2 * between()) / 3, most);
    }

    float between() const { return named ? std::clamp(inner.height() * 0.06F, 3.0F, 14.0F) : 3; }

    void column(const std::vector<const char*>& roles, float x, float width) {
        const float height = chip_height(), step = height + between();
        const float used = static_cast<float>(roles.size()) * step - between();
        float y = inner.low.y + (inner.height() - used) / 2;
        for (const char* role : roles) {
            add(role, {{x, y}, {x + width, y + height}}, named ? PartShape::chip : PartShape::mark);
            y += step;
        }
    }

    void place_map(float x, float width, float size, bool caption) {
        const float height = size + (caption ? caption_height : 0);
        const float top = inner.low.y + (inner.height() - height) / 2;
        const float left = x + (width - size) / 2;
        const float map_top = top + height - size;
        add("attention_weights", {{left, map_top}, {left + size, map_top + size}}, PartShape::map);
        layout.parts.back().has_caption = caption;
        layout.parts.back().mask = mask;
        map_middle = map_top + size / 2;
    }

    void add(const char* role, Box room, PartShape shape) {
        std::string words = role;
        std::replace(words.begin(), words.end(), '_', ' ');
        layout.parts.push_back({fmt::format("{}.{}", name, role), words, shape, room});
    }

    const Box& room_of(const char* role) const {
        const std::string stage = fmt::format("{}.{}", name, role);
        const auto found = std::find_if(layout.parts.begin(), layout.parts.end(),
                                        [&](const Part& part) { return part.stage == stage; });
        return found->room;
    }

    void wire(const char* role, std::vector<ImVec2> points) {
        layout.wires.push_back({fmt::format("{}.{}", name, role), std::move(points), true});
    }

    void wires(float foot) {
        const Box queries = room_of("queries"), keys = room_of("keys"), values = room_of("values");
        const Box scores = room_of("scores");
        const Box last = room_of(score_roles.back()), mixed = room_of("mixed");
        const Box map = room_of("attention_weights");
        const float across = (queries.high.x + scores.low.x) / 2;
        const float y = scores.centre().y;
        wire("scores", {{queries.high.x, y}, {scores.low.x, y}});
        wire("scores", {{keys.high.x, keys.centre().y},
                        {across, keys.centre().y},
                        {across, y},
                        {scores.low.x, y}});
        if (named) {
            for (std::size_t role = 1; role < score_roles.size(); ++role) {
                const Box from = room_of(score_roles[role - 1]), to = room_of(score_roles[role]);
                wire(score_roles[role],
                     {{from.centre().x, from.high.y}, {to.centre().x, to.low.y}});
            }
        }
        const float into_map = std::min(last.centre().y, map.high.y - 4);
        wire("attention_weights", {{last.high.x, into_map}, {map.low.x, into_map}});
        wire("mixed", {{map.high.x, map_middle}, {mixed.low.x, map_middle}});
        const float below = inner.high.y + foot / 2;
        wire("mixed", {{values.centre().x, values.high.y},
                       {values.centre().x, below},
                       {mixed.centre().x, below},
                       {mixed.centre().x, mixed.high.y}});
    }

    std::string name;
    Box inner;
    ModelLayout& layout;
    bool named;
    Mask mask;
    std::vector<const char*> score_roles = {"scores"}; // and what else there is of them
    float map_middle = 0;
};

void place_only_map(std::size_t block, std::size_t head, const Box& inner, ModelLayout& layout) {
    const float half = std::min(inner.width(), inner.height()) / 2;
    const ImVec2 middle = inner.centre();
    layout.parts.push_back(
        {fmt::format("block.{}.head.{}.attention_weights", block, head),
         "attention weights",
         PartShape::map,
         {{middle.x - half, middle.y - half}, {middle.x + half, middle.y + half}}});
}

} // namespace

void lay_out_heads(const Config& config, OpenBlock& open, ModelLayout& layout) {
    const std::size_t columns = best_columns(open.heads, config.heads);
    const std::size_t rows = (config.heads + columns - 1) / columns;
    const ImVec2 size = tile_size(open.heads, columns, rows);
    const float width = static_cast<float>(columns) * (size.x + gap) - gap;
    const float height = static_cast<float>(rows) * (size.y + gap) - gap;
    const ImVec2 start = {open.heads.centre().x - width / 2, open.heads.centre().y - height / 2};
    const bool named = has_names(size), low = named && size.y < least_height;
    for (std::size_t head = 0; head < config.heads; ++head) {
        const std::size_t across = head % columns, down = head / columns;
        const ImVec2 at = {start.x + static_cast<float>(across) * (size.x + gap),
                           start.y + static_cast<float>(down) * (size.y + gap)};
        HeadTile tile{head, {at, {at.x + size.x, at.y + size.y}}};
        tile.has_title = named || (size.y >= 46 && size.x >= 60);
        tile.title_is_above = tile.has_title && !low;
        tile.title = {at.x + padding, low ? tile.room.centre().y - 8 : at.y + 4};
        const float pad = size.x < 60 ? 3 : padding;
        Box inner{{at.x + pad, at.y + pad}, {tile.room.high.x - pad, tile.room.high.y - pad / 2}};
        if (low) inner.low.x += title_width;
        if (tile.has_title && !low) inner.low.y = at.y + 4 + tile_title_height;
        if (!named && (size.x < small_width || size.y < small_height)) {
            place_only_map(open.block, head, inner, layout);
            layout.parts.back().mask = config.mask();
            open.tiles.push_back(tile);
            continue;
        }
        HeadParts(fmt::format("block.{}.head.{}", open.block, head), inner, layout, named,
                  config.mask())
            .place();
        open.tiles.push_back(tile);
    }
}

} // namespace whirlygig
