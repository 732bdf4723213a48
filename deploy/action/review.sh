#!/usr/bin/env bash
# Runs the review of the GitHub Action: SARIF for code scanning, annotations in the log, a summary of the step.
# The exit code goes to an output, so that SARIF is uploaded whatever was found.
set -uo pipefail

repowright() { node "$ACTION_PATH/bin/repowright.js" "$@"; }

base="$GIVEN_BASE"
if [ -z "$base" ] && [ -n "$BASE_BRANCH" ]; then
  base="origin/$BASE_BRANCH"
  # A checkout of one commit has no common history to compare with.
  if ! git merge-base "$base" "$HEAD_COMMIT" >/dev/null 2>&1; then
    git fetch --quiet --no-tags --unshallow origin "+refs/heads/$BASE_BRANCH:refs/remotes/origin/$BASE_BRANCH" 2>/dev/null ||
      git fetch --quiet --no-tags origin "+refs/heads/$BASE_BRANCH:refs/remotes/origin/$BASE_BRANCH" ||
      echo "::warning::The base branch could not be fetched. Give actions/checkout fetch-depth: 0."
  fi
fi

arguments=(--head "$HEAD_COMMIT" --fail-on "$FAIL_ON")
[ -n "$base" ] && arguments+=(--base "$base")
if [ -n "$MODEL" ]; then arguments+=(--model "$MODEL"); else arguments+=(--no-model); fi

mkdir -p "$REPORTS"
repowright review "${arguments[@]}" --format sarif >"$REPORTS/review.sarif"
code=$?
# What follows says the same once more, from the cache.
if [ "$code" -eq 0 ] || [ "$code" -eq 3 ]; then
  echo "sarif-file=$REPORTS/review.sarif" >>"$GITHUB_OUTPUT"
  repowright review "${arguments[@]}" --format github
  repowright review "${arguments[@]}" --format markdown >>"$GITHUB_STEP_SUMMARY"
fi
echo "exit-code=$code" >>"$GITHUB_OUTPUT"
