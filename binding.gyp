{
  # `node-gyp rebuild` builds through the same CMake description as `npm install`.
  "targets": [
    {
      "target_name": "litorch",
      "type": "none",
      "actions": [
        {
          "action_name": "cmake",
          "inputs": ["CMakeLists.txt"],
          "outputs": ["<(module_root_dir)/build/Release/litorch.json"],
          "action": ["node", "<(module_root_dir)/scripts/build.mjs"],
          "message": "Building litorch with CMake"
        }
      ]
    }
  ]
}
