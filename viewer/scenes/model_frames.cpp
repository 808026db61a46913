// What stands behind the parts of the whole model, and between them: the stream, the frames of the
// blocks, the wires.
#include "draw/chart.h"
#include "draw/matrix_view.h"
#include "scenes/model_diagram.h"
#include "terminal/stage_name.h"
#include "terminal/stage_words.h"

#include <fmt/format.h>

#include <algorithm>

namespace whirlygig {
namespace {

// Beside the MLP there is room for words.
void draw_note(Ink& ink, const ModelDiagram& diagram, const OpenBlock& block) {
    const Theme& theme = ink.theme;
    const Box room = diagram.pixels(block.note);
    ImFont* font = theme.fonts.small;
    const Numbers& values = diagram.state.trace->forward_stages[0].values;
    const std::string size = fmt::format("stream ({}, {})", values.rows, values.columns);
    const Config& config = diagram.state.folder.model->config;
    const std::string kind = config.without == Without::residual ? "" : "residual ";
    std::string name = kind + size + ", a row for each token";
    if (Ink::size_of(font, name).x > room.width()) name = kind + size;
    if (Ink::size_of(font, name).x > room.width()) name = size;
    ink.text_within(font, room.low, room.width(), theme.accent, name);
    std::string words =
        diagram.backward
            ? "The gradient runs straight back along the stream, and every part that read the "
              "stream adds what comes back through it."
            : "Every part reads the stream and adds to it what it found: attention, above, in "
              "other places; the MLP, below, in each place by itself.";
    const std::string missing = sentence_on_missing_part(config);
    if (!missing.empty()) words = missing;
    const float used = font->FontSize * 1.45F;
    const auto lines = static_cast<float>(lines_within(font, words, room.width()).size());
    if (used + lines * font->FontSize * 1.3F > room.height()) return;
    ink.paragraph(font, {room.low.x, room.low.y + used}, room.width(), theme.dim, words);
}

// The numbers that the stream holds along a piece of it, of wide models only some columns.
void draw_numbers(Ink& ink, const Numbers& numbers, Box room, bool reached) {
    const Theme& theme = ink.theme;
    const float pitch = room.height() / static_cast<float>(numbers.rows);
    const auto most = static_cast<std::size_t>(std::max(room.width() / theme.units(5), 1.0F));
    const std::size_t stride = (numbers.columns + most - 1) / most;
    const std::size_t shown = (numbers.columns + stride - 1) / stride;
    const float width = room.width() / static_cast<float>(shown);
    if (pitch < theme.units(2)) return;
    const double largest = largest_of(numbers);
    for (std::size_t row = 0; row < numbers.rows; ++row) {
        for (std::size_t column = 0; column < shown; ++column) {
            const double share = numbers(row, column * stride) / largest;
            const ImVec2 low = {room.low.x + static_cast<float>(column) * width,
                                room.low.y + static_cast<float>(row) * pitch};
            ink.rectangle(low, {low.x + width - 1, low.y + pitch - 1},
                          faded(colour_around_zero(theme, share), reached ? 0.75F : 0.16F));
        }
    }
}

void draw_stream_arrow(Ink& ink, const ModelDiagram& diagram, const StreamPiece& piece, float y) {
    const Theme& theme = ink.theme;
    const float middle = diagram.pixels({(piece.from + piece.to) / 2, 0}).x;
    const float half = theme.units(11);
    if (theme.units(piece.to - piece.from) < 5 * half) return;
    const bool reached = diagram.is_computed(piece.stage);
    const ImVec2 edge = {half + theme.units(5), theme.units(9)};
    ink.rectangle({middle - edge.x, y - edge.y}, {middle + edge.x, y + edge.y}, theme.panel,
                  edge.y);
    const float way = diagram.backward ? -half : half;
    ink.arrow({middle - way, y}, {middle + way, y}, reached ? theme.accent : theme.faint);
}

// The title with what the map in the tile shows, where there is room for it.
std::string words_of_head(const Theme& theme, const HeadTile& tile, const Box& inside) {
    std::string head = fmt::format("head {}", tile.head);
    const float room = inside.width() - theme.units(20);
    for (const char* map :
         {" · its map: attention weights, row looks at column", " · map: row looks at column"}) {
        if (tile.title_is_above && Ink::size_of(theme.fonts.small, head + map).x <= room)
            return head + map;
    }
    return head;
}

} // namespace

void draw_stream(Ink& ink, const ModelDiagram& diagram) {
    const Theme& theme = ink.theme;
    const Box band = diagram.pixels(diagram.layout.stream);
    ink.rectangle(band.low, band.high, theme.empty_cell, theme.units(4));
    for (const StreamPiece& piece : diagram.layout.pieces) {
        const bool reached = diagram.is_computed(piece.stage);
        Box room = {{diagram.pixels({piece.from, 0}).x, band.low.y},
                    {diagram.pixels({piece.to, 0}).x, band.high.y}};
        if (reached) ink.rectangle(room.low, room.high, theme.accent_soft, theme.units(4));
        draw_numbers(ink, diagram.stage_of(piece.stage).values, room, reached);
    }
    ink.frame(band.low, band.high, faded(theme.accent, 0.7F), theme.units(1.5F), theme.units(4));
    for (const StreamPiece& piece : diagram.layout.pieces)
        draw_stream_arrow(ink, diagram, piece, band.centre().y);
}

void draw_block(Ink& ink, const ModelDiagram& diagram, const OpenBlock& block) {
    const Theme& theme = ink.theme;
    const Box room = diagram.pixels(block.room), heads = diagram.pixels(block.heads);
    ink.rectangle(room.low, room.high, mix(theme.panel, theme.text, 0.025F), theme.units(10));
    ink.frame(room.low, room.high, theme.edge, theme.units(1), theme.units(10));
    const std::size_t count = diagram.state.folder.model->config.heads;
    const bool has_mlp = diagram.state.folder.model->config.without != Without::mlp;
    const std::string words =
        fmt::format("Block {}: attention with {} {}{}", block.block, count,
                    count == 1 ? "head" : "heads", has_mlp ? ", then the MLP" : "");
    const float inset = theme.units(12);
    ink.text_within(theme.fonts.small, {room.low.x + inset, room.low.y + theme.units(5)},
                    room.width() - 2 * inset, theme.dim, words);
    // What comes out of the norm goes to every head, and all heads are joined.
    const float y = heads.high.y + theme.units(4);
    ink.line({heads.low.x, y}, {heads.high.x, y}, theme.edge, theme.units(1.5F));
    const StageName now = parse_stage_name(diagram.current);
    for (const HeadTile& tile : block.tiles) {
        const Box inside = diagram.pixels(tile.room);
        ink.rectangle(inside.low, inside.high, theme.panel, theme.units(7));
        const bool here = now.block == block.block && now.head == tile.head;
        ink.frame(inside.low, inside.high, here ? theme.accent : theme.edge, theme.units(1),
                  theme.units(7));
        if (!tile.has_title) continue;
        ink.text_within(theme.fonts.small, diagram.pixels(tile.title), inside.width(), theme.dim,
                        words_of_head(theme, tile, inside));
    }
    const Box mlp = diagram.pixels(block.mlp);
    if (mlp.height() >= theme.fonts.small->FontSize)
        ink.text_within(theme.fonts.small,
                        {mlp.low.x, mlp.centre().y - theme.fonts.small->FontSize / 2}, mlp.width(),
                        theme.dim, "MLP");
    draw_note(ink, diagram, block);
}

void draw_folded(Ink& ink, const ModelDiagram& diagram, const FoldedBlocks& blocks) {
    const Theme& theme = ink.theme;
    const Box room = diagram.pixels(blocks.room);
    const Config& config = diagram.state.folder.model->config;
    const bool reached =
        diagram.is_computed(diagram.backward ? first_stage(config, blocks.first)
                                             : stream_name(config, blocks.last + 1));
    const bool pointed = diagram.hovered == diagram.entrance_of(blocks);
    const ImU32 fill = reached ? mix(theme.panel, theme.accent, 0.2F) : theme.panel;
    ink.rectangle(room.low, room.high, fill, theme.units(8));
    ink.frame(room.low, room.high, pointed ? theme.text : theme.edge, theme.units(1),
              theme.units(8));
    const std::size_t count = blocks.last - blocks.first + 1;
    std::vector<std::string> lines = {"block", fmt::format("{}", blocks.first)};
    if (count > 1) lines = {"…", fmt::format("{}", count), "more", "blocks"};
    ImFont* font = theme.fonts.small;
    if (count > 1 && Ink::size_of(font, "blocks").x > room.width() - theme.units(6))
        lines.pop_back();
    const float line = font->FontSize * 1.2F;
    const float middle = diagram.pixels(diagram.layout.stream).centre().y;
    float y = middle - line * static_cast<float>(lines.size()) / 2;
    for (const std::string& words : lines) {
        ink.text_within(font, {room.centre().x, y}, room.width(), reached ? theme.text : theme.dim,
                        words, Align::centre);
        y += line;
    }
}

void draw_wire(Ink& ink, const ModelDiagram& diagram, const Wire& wire) {
    if (diagram.backward && !wire.has_way_back) return;
    const Theme& theme = ink.theme;
    std::vector<ImVec2> points;
    for (const ImVec2& point : wire.points)
        points.push_back(diagram.pixels(point));
    if (diagram.backward) std::reverse(points.begin(), points.end());
    ImU32 colour = diagram.is_computed(wire.stage) ? mix(theme.dim, theme.accent, 0.4F)
                                                   : mix(theme.edge, theme.faint, 0.4F);
    if (wire.stage == diagram.current) colour = theme.accent;
    for (std::size_t index = 0; index + 2 < points.size(); ++index)
        ink.line(points[index], points[index + 1], colour, theme.units(1.8F));
    ink.arrow(points[points.size() - 2], points.back(), colour);
}

} // namespace whirlygig
