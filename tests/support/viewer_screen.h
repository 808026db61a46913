// The whole viewer with Dear ImGui but without any window: everything is laid out and nothing is
// painted, which is quick enough to look at every stage in every size.
#pragma once

#include "app.h"
#include "script.h"

#include <memory>
#include <string>
#include <vector>

namespace support {

class ViewerScreen {
public:
    ViewerScreen(const std::string& model, const std::string& text, float width, float height) {
        ImGui::CreateContext();
        ImGui::GetIO().IniFilename = nullptr;
        // As the real backend says: more corners than 16 bits can count are fine.
        ImGui::GetIO().BackendFlags |= ImGuiBackendFlags_RendererHasVtxOffset;
        resize(width, height);
        open_model(state, model, text);
        find_corpora(state.experiment, WHIRLYGIG_CORPORA, "creatures");
        state.controls.cells_too = true;
        state.settings.tour_seen = true;
    }
    ViewerScreen(const ViewerScreen&) = delete;
    ViewerScreen& operator=(const ViewerScreen&) = delete;
    ~ViewerScreen() { ImGui::DestroyContext(); }

    void resize(float width, float height) { ImGui::GetIO().DisplaySize = {width, height}; }

    void frame(double seconds = 1.0 / 60) {
        apply_settings(state, 1);
        build_fonts();
        ImGui::GetIO().DeltaTime = static_cast<float>(seconds);
        ImGui::NewFrame();
        written = draw_frame(state);
        ImGui::Render();
        play_on(state, seconds);
    }

    // Runs a script; what goes wrong is an Error that names the line.
    void run(const std::string& script) {
        const whirlygig::ScriptHost host{[this] { frame(); }, [](const auto&) {}};
        run_script(state, whirlygig::parse_script(script, "test"), host, "test");
    }

    // What the frame would paint: the corners of all triangles with their colours.
    std::vector<unsigned char> painted() const {
        std::vector<unsigned char> bytes;
        const ImDrawData& data = *ImGui::GetDrawData();
        for (int list = 0; list < data.CmdListsCount; ++list) {
            const ImVector<ImDrawVert>& corners = data.CmdLists[list]->VtxBuffer;
            const auto* first = reinterpret_cast<const unsigned char*>(corners.Data);
            bytes.insert(bytes.end(), first, first + corners.size_in_bytes());
        }
        return bytes;
    }

    whirlygig::State state;
    std::vector<whirlygig::WrittenText> written;

private:
    // What GlDrawing does for a window.
    static void build_fonts() {
        ImFontAtlas& fonts = *ImGui::GetIO().Fonts;
        if (!fonts.IsBuilt()) fonts.Build();
    }
};

} // namespace support
