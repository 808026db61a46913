#!/usr/bin/env bash
# Configuring and building, as tests/run and viewer/run do it. To be sourced, from the top folder.

# configure FOLDER OPTION...: takes no time when there is nothing to configure. What an earlier
# build left behind is in the way when the folder was moved or another generator made it: then this
# starts afresh.
configure() {
    local folder=$1
    shift
    if [ -e "$folder/CMakeCache.txt" ]; then
        cmake "$@" >/dev/null 2>&1 && return
        rm -rf "$folder/CMakeCache.txt" "$folder/CMakeFiles"
    fi
    cmake "$@" >/dev/null
}

# build OPTION...: the options go to cmake --build. Where the output is no screen, progress would be
# a line for each file: only what goes wrong is shown.
build() {
    local options=(--parallel "$(jobs_at_once)" "$@")
    if is_screen 1; then
        cmake --build "${options[@]}"
    else
        cmake --build "${options[@]}" |
            sed -E '/^\[[0-9]+\/[0-9]+\] /d; /^FAILED: /{n;d}; /^ninja: no work to do/d'
    fi
}

# One for each core, but none without 1.5 GB of memory: a compiler takes that much.
jobs_at_once() {
    local jobs kilobytes
    jobs=$(nproc 2>/dev/null || getconf _NPROCESSORS_ONLN)
    if [ -r /proc/meminfo ]; then
        kilobytes=$(sed -n 's/^MemAvailable: *\([0-9]*\) kB/\1/p' /proc/meminfo)
        [ "$((kilobytes / 1500000))" -ge "$jobs" ] || jobs=$((kilobytes / 1500000))
    fi
    [ "$jobs" -ge 1 ] || jobs=1
    echo "$jobs"
}

# is_screen NUMBER: is that file descriptor a terminal that can move its cursor?
is_screen() {
    [ -t "$1" ] && [ "${TERM:-dumb}" != dumb ]
}
