"""The Gradio interface: one module a tab, built on assistant/, with no logic of its own."""
