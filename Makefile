# Run `make` to see what there is. Every target makes the virtual environment by itself.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c

# Any Python from 3.11: make PYTHON=/path/to/python3.12
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
EXTRAS := local,ocr,celery,dev
SOURCES := src tests dags plugins samples
# Test processes at a time; each has an embedded stack of its own.
WORKERS ?= 2
ARGS ?=

export PATH := $(CURDIR)/$(BIN):$(PATH)

.PHONY: help demo test trial up down lint types bench clean
help: ## 显示这份说明
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | awk -F'\t' '{printf "  make %-7s %s\n", $$1, $$2}'

demo: $(READY) ## 用样例县（24个单位）跑一遍：收集、读取、核对、汇总、发布
	@gongkai demo

test: $(READY) ## 运行测试（ARGS="tests/read -k pdf" 只运行一部分）
	@pytest -n $(WORKERS) --dist loadscope -m "not trial" $(ARGS)

trial: $(READY) ## 在完整运行的系统上试一遍一月的工作：浏览器全程、服务中断20秒（约五分钟）
	@pytest -m trial $(ARGS)

up: $(READY) ## 启动数据库、对象存储和 Airflow 界面
	@gongkai up

down: $(READY) ## 停止，数据保留
	@gongkai down

lint: $(READY) ## 检查代码风格
	@ruff check .
	@ruff format --check .

types: $(READY) ## 检查类型
	@mypy

bench: $(READY) ## 测量速度
	@python -m bench $(ARGS)

clean: ## 停止服务，删除虚拟环境和缓存（数据目录 .gongkai 保留）
	@if [ -x $(BIN)/gongkai ]; then $(BIN)/gongkai down; fi
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis dist build
	@find $(SOURCES) -type d -name __pycache__ -prune -exec rm -rf {} +

# uv if the machine has it, else uv from pip inside the environment: the way from there on is the same.
# uv leaves out compiled bytecode unless it is told to; Airflow starts three times as fast with it.
$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "需要 Python 3.11 或更高版本，找到的是：$$($(PYTHON) --version 2>&1)。请用 make PYTHON=/路径/python3.11 指定。"; exit 1; }
	@echo "准备虚拟环境 $(VENV)（第一次约需一分钟）"
	@if uv --version >/dev/null 2>&1; then \
	  uv venv --quiet --allow-existing --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')" $(VENV); uv=uv; \
	else \
	  $(PYTHON) -m venv $(VENV) || { echo "无法建立虚拟环境。Debian/Ubuntu 请先安装 python3-venv。"; exit 1; }; \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check 'uv>=0.8'; uv=$(BIN)/uv; \
	fi; \
	$$uv pip install --quiet --python $(BIN)/python --compile-bytecode -c constraints.txt -e '.[$(EXTRAS)]'
	@touch $@
