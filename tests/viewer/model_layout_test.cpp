// The diagram of the whole model, for models and areas of many sizes: nothing lies on top of
// anything else, and every stage that belongs there can be found.
#include "scenes/model_layout.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <set>

namespace {

using namespace whirlygig;

struct Case {
    std::size_t layers, heads;
    float width, height;
};

std::vector<Case> cases() {
    std::vector<Case> all;
    for (const std::size_t layers : {1, 2, 5, 12}) {
        for (const std::size_t heads : {1, 2, 3, 8, 12}) {
            for (const ImVec2 size : {ImVec2(610, 480), ImVec2(800, 500), ImVec2(940, 770),
                                      ImVec2(1400, 800), ImVec2(2000, 1200)})
                all.push_back({layers, heads, size.x, size.y});
        }
    }
    return all;
}

ModelLayout layout_of(const Case& item, std::size_t open_block) {
    Config config;
    config.layers = item.layers;
    config.heads = item.heads;
    ModelArea area;
    area.width = item.width;
    area.height = item.height;
    area.open_block = open_block;
    return lay_out_model(config, area);
}

std::string words_of(const Case& item, std::size_t open_block) {
    return fmt::format("{} layers, {} heads, {} x {}, block {} open", item.layers, item.heads,
                       item.width, item.height, open_block);
}

// Boxes may share an edge, so a little is taken off.
bool overlap(const Box& a, const Box& b) {
    constexpr float edge = 0.5F;
    return a.low.x + edge < b.high.x && b.low.x + edge < a.high.x && a.low.y + edge < b.high.y &&
           b.low.y + edge < a.high.y;
}

bool is_inside(const Box& room, const Case& item) {
    constexpr float edge = 0.5F;
    return room.width() > 0 && room.height() > 0 && room.low.x >= -edge && room.low.y >= -edge &&
           room.high.x <= item.width + edge && room.high.y <= item.height + edge;
}

template <class Check>
void for_every_layout(Check check) {
    for (const Case& item : cases()) {
        for (const std::size_t open : {std::size_t(0), item.layers / 2, item.layers - 1}) {
            SCOPED_TRACE(words_of(item, open));
            check(item, open, layout_of(item, open));
        }
    }
}

TEST(ModelLayout, KeepsPartsInTheAreaAndApart) {
    for_every_layout([](const Case& item, std::size_t, const ModelLayout& layout) {
        for (std::size_t a = 0; a < layout.parts.size(); ++a) {
            EXPECT_TRUE(is_inside(layout.parts[a].room, item)) << layout.parts[a].stage;
            for (std::size_t b = a + 1; b < layout.parts.size(); ++b) {
                EXPECT_FALSE(overlap(layout.parts[a].room, layout.parts[b].room))
                    << layout.parts[a].stage << " and " << layout.parts[b].stage;
            }
        }
    });
}

TEST(ModelLayout, ShowsEachStageOnce) {
    for_every_layout([](const Case&, std::size_t open, const ModelLayout& layout) {
        std::set<std::string> stages;
        for (const Part& part : layout.parts)
            EXPECT_TRUE(stages.insert(part.stage).second) << part.stage;
        for (const char* role : {"attention.norm", "head.0.attention_weights", "attention.joined",
                                 "attention.output", "attention.residual", "mlp.norm", "mlp.hidden",
                                 "mlp.activated", "mlp.output", "mlp.residual"})
            EXPECT_TRUE(stages.contains(fmt::format("block.{}.{}", open, role))) << role;
        for (const char* stage : {"embedding.tokens", "embedding.positions", "embedding.sum",
                                  "final.norm", "logits", "probabilities", "loss"})
            EXPECT_TRUE(stages.contains(stage)) << stage;
    });
}

TEST(ModelLayout, HasEveryBlockOpenOrFolded) {
    for_every_layout([](const Case& item, std::size_t open, const ModelLayout& layout) {
        std::set<std::size_t> blocks;
        for (const OpenBlock& block : layout.open) {
            EXPECT_TRUE(blocks.insert(block.block).second);
            EXPECT_EQ(block.tiles.size(), item.heads);
        }
        EXPECT_TRUE(blocks.contains(open));
        for (const FoldedBlocks& folded : layout.folded) {
            EXPECT_TRUE(folded.first <= folded.target && folded.target <= folded.last);
            for (std::size_t block = folded.first; block <= folded.last; ++block)
                EXPECT_TRUE(blocks.insert(block).second);
        }
        EXPECT_EQ(blocks.size(), item.layers);
    });
}

TEST(ModelLayout, LetsTheStreamRunThroughWithoutAGap) {
    for_every_layout([](const Case&, std::size_t, const ModelLayout& layout) {
        EXPECT_EQ(layout.pieces.front().from, layout.stream.low.x);
        EXPECT_EQ(layout.pieces.back().to, layout.stream.high.x);
        for (std::size_t index = 0; index + 1 < layout.pieces.size(); ++index) {
            EXPECT_EQ(layout.pieces[index].to, layout.pieces[index + 1].from);
            EXPECT_LT(layout.pieces[index].from, layout.pieces[index].to);
        }
    });
}

} // namespace
