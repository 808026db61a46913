// What is often done wrong in the exercises of mlp.cpp and block.cpp, and what comes out of it.
#pragma once

#include "block.h"
#include "support/heads_mistakes.h"

namespace mistakes {

struct MlpLayers {
    Layer up, down;
};

inline MlpLayers layers_of(const whirlygig::MlpParameters& parameters) {
    return {layer_of(parameters.up), layer_of(parameters.down)};
}

inline Record mlp(const MlpLayers& layers, const Grid& input) {
    const Grid hidden = through(layers.up, input), activated = plain::gelu(hidden);
    return {{"activations.hidden", hidden},
            {"activations.activated", activated},
            {"activations.output", through(layers.down, activated)}};
}

// `before` is what the record held before the call.
inline RecordMistakes mlp_forward(const MlpLayers& layers, const Grid& input,
                                  const Record& before) {
    const std::string hidden = "activations.hidden", activated = "activations.activated",
                      output = "activations.output";
    const Record right = mlp(layers, input);
    const Grid straight = through(layers.down, right.at(hidden));
    RecordMistakes mistakes = {
        {"The output is made from hidden; it should be made from what went through GELU.",
         with(right, output, straight)},
        {"GELU is left out: activated is not written, and the output is made from hidden.",
         with(with(right, activated, before.at(activated)), output, straight)},
        {"activated is a copy of hidden; it should be its GELU.",
         with(with(right, activated, right.at(hidden)), output, straight)},
        {"activations.output is not written: what is activated should go down again.",
         with(right, output, before.at(output))},
        {"The output is what is activated; it should go down again, to the width of the stream.",
         with(right, output, right.at(activated))},
        {"GELU is applied twice, before the way down and after it; it belongs before it only.",
         with(right, output, plain::gelu(right.at(output)))},
        {"The bias of the way down is forgotten; linear_forward adds it.",
         with(right, output, plain::product(right.at(activated), layers.down.weights))},
        {"The input goes through GELU first; it is hidden that should.",
         mlp(layers, plain::gelu(input))},
        {"The input is added to the output; that is the block's task, not the MLP's.",
         with(right, output, plain::add(right.at(output), input))},
    };
    const Grid twice = plain::gelu(right.at(activated));
    mistakes.push_back({"What is activated goes through GELU a second time.",
                        with(right, output, through(layers.down, twice))});
    return mistakes;
}

struct NormLayer {
    Grid gain, shift;
    double epsilon;
};

struct BlockLayers {
    NormLayer attention_norm;
    HeadsLayers attention;
    NormLayer mlp_norm;
    MlpLayers mlp;
};

inline NormLayer layer_of(const whirlygig::NormParameters& parameters) {
    return {support::to_grid(parameters.gain), support::to_grid(parameters.shift),
            parameters.epsilon};
}

inline BlockLayers layers_of(const whirlygig::BlockParameters& parameters) {
    return {layer_of(parameters.attention_norm), layers_of(parameters.attention),
            layer_of(parameters.mlp_norm), layers_of(parameters.mlp)};
}

inline Grid normed(const NormLayer& layer, const Grid& input) {
    return plain::layer_norm(input, layer.gain, layer.shift, layer.epsilon);
}

// Which matrix stands where in the wiring, by name: "stream", "norm" (attention's), "found" (its
// output), "between" (the stream with that added), "mlp norm", "thought" (the MLP's output),
// "nothing". The default is the right wiring.
struct Wiring {
    std::string attention_reads = "norm";
    std::string found_is_added_to = "stream";
    std::string mlp_norm_reads = "between";
    std::string mlp_reads = "mlp norm";
    std::string thought_is_added_to = "between";
    bool causal = true;
    bool norms_exchanged = false;
    bool one_norm_for_both = false;
};

inline Record wired(const BlockLayers& layers, const Grid& stream, const Wiring& wiring) {
    const NormLayer& first = wiring.norms_exchanged ? layers.mlp_norm : layers.attention_norm;
    const NormLayer& second = wiring.norms_exchanged || wiring.one_norm_for_both
                                  ? layers.attention_norm
                                  : layers.mlp_norm;
    Record there{{"nothing", plain::zeros(stream.size(), stream[0].size())}, {"stream", stream}};
    there["norm"] = normed(first, stream);
    const Grid& looked_at = there.at(wiring.attention_reads);
    there["found"] =
        carried_out(HeadsPlan{layers.attention, looked_at, looked_at, looked_at, wiring.causal})
            .at("activations.output");
    there["between"] = plain::add(there.at(wiring.found_is_added_to), there["found"]);
    there["mlp norm"] = normed(second, there.at(wiring.mlp_norm_reads));
    there["thought"] = mlp(layers.mlp, there.at(wiring.mlp_reads)).at("activations.output");
    return {{"activations.attention_norm", there["norm"]},
            {"activations.attention.output", there["found"]},
            {"activations.attention_residual", there["between"]},
            {"activations.mlp_norm", there["mlp norm"]},
            {"activations.mlp.output", there["thought"]},
            {"activations.mlp_residual",
             plain::add(there.at(wiring.thought_is_added_to), there["thought"])}};
}

inline RecordMistakes block_forward(const BlockLayers& layers, const Grid& stream,
                                    const Grid& residual_before) {
    const auto with_wiring = [&](auto change) {
        Wiring wiring;
        change(wiring);
        return wired(layers, stream, wiring);
    };
    return {
        {"Attention reads the stream as it is; it should read the normalised copy.",
         with_wiring([](Wiring& w) { w.attention_reads = "stream"; })},
        {"What attention found takes the place of the stream; it should be added to the stream.",
         with_wiring([](Wiring& w) { w.found_is_added_to = "nothing"; })},
        {"What attention found is added to the normalised copy; it should be added to the stream "
         "itself.",
         with_wiring([](Wiring& w) { w.found_is_added_to = "norm"; })},
        {"The MLP's norm reads the stream that entered; it should read the one to which attention "
         "has added.",
         with_wiring([](Wiring& w) { w.mlp_norm_reads = "stream"; })},
        {"The MLP's norm reads what attention found alone; it should read the stream with it "
         "added.",
         with_wiring([](Wiring& w) { w.mlp_norm_reads = "found"; })},
        {"The MLP reads the stream as it is; it should read the normalised copy.",
         with_wiring([](Wiring& w) { w.mlp_reads = "between"; })},
        {"The MLP reads attention's normalised copy; it has a norm of its own.",
         with_wiring([](Wiring& w) { w.mlp_reads = "norm"; })},
        {"The MLP's output takes the place of the stream; it should be added to the stream.",
         with_wiring([](Wiring& w) { w.thought_is_added_to = "nothing"; })},
        {"The MLP's output is added to the stream that entered, so what attention found is lost; "
         "it "
         "should be added to attention_residual.",
         with_wiring([](Wiring& w) { w.thought_is_added_to = "stream"; })},
        {"The MLP's output is added to its normalised input; it should be added to the stream "
         "itself.",
         with_wiring([](Wiring& w) { w.thought_is_added_to = "mlp norm"; })},
        {"The MLP's output is added to what attention found, without the stream.",
         with_wiring([](Wiring& w) { w.thought_is_added_to = "found"; })},
        {"The heads look around without a mask; parameters.mask says which to use.",
         with_wiring([](Wiring& w) { w.causal = false; })},
        {"The parameters of the two norms are exchanged.",
         with_wiring([](Wiring& w) { w.norms_exchanged = true; })},
        {"Both norms use attention_norm's parameters; the MLP's norm has its own.",
         with_wiring([](Wiring& w) { w.one_norm_for_both = true; })},
        {"activations.mlp_residual is not written: what the MLP found is still to be added.",
         with(with_wiring([](Wiring&) {}), "activations.mlp_residual", residual_before)},
    };
}

} // namespace mistakes
