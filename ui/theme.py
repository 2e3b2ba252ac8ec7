"""The look that Gradio's own parts take: plain, light, with system fonts (nothing is fetched). The rest is in static/app.css."""

from gradio.themes import Base

_SET = {
    "body_background_fill": "#ffffff",
    "body_text_color": "#0b0c0c",
    "body_text_color_subdued": "#484f52",
    "block_background_fill": "transparent",
    "block_border_width": "0px",
    "block_padding": "0px",
    "block_info_text_color": "#484f52",
    "block_info_text_size": "0.9375rem",
    "block_title_text_color": "#0b0c0c",
    "block_title_text_size": "1rem",
    "block_title_text_weight": "600",
    "block_label_text_color": "#0b0c0c",
    "form_gap_width": "0px",
    "layout_gap": "1rem",
    "input_background_fill": "#ffffff",
    "input_border_color": "#6b7276",
    "input_border_color_focus": "#0b0c0c",
    "input_border_width": "1px",
    "input_placeholder_color": "#5b6367",
    "input_radius": "6px",
    "input_text_size": "1.0625rem",
    "button_border_width": "1px",
    "button_large_radius": "6px",
    "button_large_text_size": "1.0625rem",
    "button_large_text_weight": "600",
    "button_primary_background_fill": "#14603f",
    "button_primary_background_fill_hover": "#0e4a30",
    "button_primary_border_color": "#14603f",
    "button_primary_border_color_hover": "#0e4a30",
    "button_primary_text_color": "#ffffff",
    "button_secondary_background_fill": "#ffffff",
    "button_secondary_background_fill_hover": "#eef1f2",
    "button_secondary_border_color": "#6b7276",
    "button_secondary_border_color_hover": "#0b0c0c",
    "button_secondary_text_color": "#0b0c0c",
    "color_accent": "#14603f",
    "loader_color": "#14603f",
}


def theme() -> Base:
    """The theme. It looks the same where the system asks for dark: one look, tested for contrast."""
    made = Base(font=["system-ui", "Segoe UI", "Arial", "sans-serif"], font_mono=["ui-monospace", "monospace"]).set(**_SET)
    for name in [name for name in vars(made) if name.endswith("_dark")]:
        setattr(made, name, getattr(made, name.removesuffix("_dark")))
    return made
