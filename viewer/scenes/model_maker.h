// Lays out the whole model from its left end to its right one; used by model_layout.cpp and
// block_layout.cpp only.
#pragma once

#include "scenes/model_layout.h"

namespace whirlygig {

inline constexpr float plus_radius = 11;

inline Box around(ImVec2 centre, float width, float height) {
    return {{centre.x - width / 2, centre.y - height / 2},
            {centre.x + width / 2, centre.y + height / 2}};
}

inline ImVec2 top_of(const Box& room) {
    return {room.centre().x, room.low.y};
}

inline ImVec2 bottom_of(const Box& room) {
    return {room.centre().x, room.high.y};
}

class ModelMaker {
public:
    ModelMaker(const Config& config, const ModelArea& area);

    ModelLayout make();

private:
    void rows();
    void beginning();
    void ending();
    void to_prediction(const Box& probabilities, bool narrow);

    void blocks();
    void open(std::size_t b, float width);
    void attention(const std::string& name, const OpenBlock& block, float box, float y);
    void mlp(const std::string& name, const OpenBlock& block, float box);
    float mlp_centre(const OpenBlock& block) const; // of its boxes on the left
    Box mlp_title(const OpenBlock& block) const;
    void into_stream(const std::string& part, const std::vector<ImVec2>& points);
    void fold(std::size_t first, std::size_t last, float width);
    float folded_maps(std::size_t block, const Box& room);

    void add_plus(const std::string& stage, float x);
    void add_piece(const std::string& stage, float x);
    void wire(const std::string& stage, std::vector<ImVec2> points);

    const Config& config;
    const ModelArea& area;
    float roomy; // 0 for the smallest areas, 1 for large ones
    float top = 0, bottom = 0, box_height = 0, space = 0, stream_middle = 0;
    float left = 0, right = 0; // of the room for blocks; left moves on with each
    ModelLayout layout;
};

} // namespace whirlygig
